/** What every distribution can do. Families are declared with `defineFamily`; wrappers implement this directly. */
import type { RandomKey, Shape, TensorLike, tf } from '@pyro-ts/ops';
import type { Constraint } from './constraints/constraint';

/** Classes are recognised by this brand, not by `instanceof`: two copies of the package may share a process. */
export const distributionBrand: unique symbol = Symbol.for('pyro-ts.distribution') as never;

/** Whether x is a distribution, of this copy of the package or another. */
export function isDistribution(x: unknown): x is Distribution {
  return typeof x === 'object' && x !== null && distributionBrand in x;
}

export interface SampleOptions {
  /** Key of the random stream; without one the default generator (`setRngSeed`) is used. */
  readonly key?: RandomKey | undefined;
}

/** What a draw passed through on its way: lets `logProb` do without inverting transforms. */
export type Intermediates = unknown;

export interface DrawWithIntermediates {
  readonly value: tf.Tensor;
  readonly intermediates: Intermediates;
}

/** The parts of the gradient estimator of E[f]: Ranganath et al. 2014 (score function), Kingma & Welling 2014 (pathwise). */
export interface ScoreParts {
  readonly logProb: tf.Tensor;
  /** Multiplies a downstream cost; 0 for pathwise draws. */
  readonly scoreFunction: tf.Tensor;
  /** Multiplied by the negative entropy's weight; 0 for draws without a path. */
  readonly entropyTerm: tf.Tensor;
}

export interface Distribution {
  readonly [distributionBrand]: true;
  /** 'Normal', 'Independent', … as in Pyro. */
  readonly family: string;
  readonly batchShape: Shape;
  readonly eventShape: Shape;
  readonly eventDim: number;
  readonly support: Constraint;
  readonly isDiscrete: boolean;
  readonly hasRsample: boolean;
  readonly hasEnumerateSupport: boolean;
  /** Whether parameters were checked when this was made, and values are in `logProb`. */
  readonly validateArgs: boolean;
  /** Parameters that were given, by name, as tensors of the active backend. A wrapper shows those of its base. */
  readonly params: Readonly<Record<string, tf.Tensor>>;

  /** [...sampleShape, ...batchShape, ...eventShape] */
  shape(sampleShape?: Shape): Shape;
  /** A draw without gradient. int32 for discrete families. */
  sample(sampleShape?: Shape, options?: SampleOptions): tf.Tensor;
  /** A draw that is differentiable in the parameters. Throws unless `hasRsample`. */
  rsample(sampleShape?: Shape, options?: SampleOptions): tf.Tensor;
  /** A draw (pathwise where there is a path) with what `logProb(value, intermediates)` can reuse. */
  sampleWithIntermediates(sampleShape?: Shape, options?: SampleOptions): DrawWithIntermediates;
  /** Log density in nats, shape [...sample, ...batch]. Outside the support −Infinity; NaN stays NaN. */
  logProb(value: TensorLike, intermediates?: Intermediates): tf.Tensor;
  /** Log density with the parts of the gradient estimator that suits this distribution. */
  scoreParts(value: TensorLike): ScoreParts;
  /** Throws ConstraintError if a concrete parameter is outside its constraint. */
  validate(): void;
  /** The same distribution with value checks in `logProb` switched on or off. */
  withValidateArgs(validateArgs: boolean): Distribution;

  readonly mean: tf.Tensor;
  readonly variance: tf.Tensor;
  readonly stddev: tf.Tensor;
  readonly mode: tf.Tensor;
  /** In nats, shape [...batch]. */
  entropy(): tf.Tensor;
  /** exp(entropy) */
  perplexity(): tf.Tensor;
  cdf(value: TensorLike): tf.Tensor;
  /** log cdf, accurate in the lower tail where the family says how. */
  logCdf(value: TensorLike): tf.Tensor;
  /** log(1 − cdf), accurate in the upper tail where the family says how. */
  logSurvival(value: TensorLike): tf.Tensor;
  icdf(p: TensorLike): tf.Tensor;
  /** [support, ...batch, ...event]; with expand false the batch dims have size 1. */
  enumerateSupport(options?: { expand?: boolean }): tf.Tensor;
  /** Log probability of every value of the support, shape [support, ...batch]. Reads no value, so it needs no checks. */
  supportLogProb(): tf.Tensor;

  /** I.i.d. in the new dims, those of size 1 included. */
  expand(batchShape: Shape): Distribution;
  /** `expand([...sampleShape, ...batchShape])` */
  expandBy(sampleShape: Shape): Distribution;
  /** The rightmost n batch dims (default: all) become event dims; a negative n takes back that many. */
  toEvent(n?: number): Distribution;
  /** Zero log density where the mask is false. `mask(false)` does not compute the log density at all. */
  mask(mask: TensorLike): Distribution;
  /** The same distribution with `hasRsample` overridden: false makes estimators use the score function. */
  hasRsample_(hasRsample: boolean): Distribution;
  toString(): string;
}
