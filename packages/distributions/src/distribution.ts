/** What every distribution can do. Families are declared with `defineFamily`; wrappers implement this directly. */
import type { RandomKey, Shape, TensorLike, tf } from '@pyro-ts/ops';
import type { Constraint } from './constraints/constraint';

/** Classes are recognised by this brand, not by `instanceof`: two copies of the package may share a process. */
export const distributionBrand: unique symbol = Symbol.for('pyro-ts.distribution') as never;

export interface SampleOptions {
  /** Key of the random stream; without one the default generator (`setRngSeed`) is used. */
  readonly key?: RandomKey;
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
  /** Parameters by name, as tensors of the active backend. */
  readonly params: Readonly<Record<string, tf.Tensor>>;

  /** [...sampleShape, ...batchShape, ...eventShape] */
  shape(sampleShape?: Shape): Shape;
  /** A draw without gradient. int32 for discrete families. */
  sample(sampleShape?: Shape, options?: SampleOptions): tf.Tensor;
  /** A draw that is differentiable in the parameters. Throws unless `hasRsample`. */
  rsample(sampleShape?: Shape, options?: SampleOptions): tf.Tensor;
  /** Log density in nats, shape [...sample, ...batch]. Outside the support −Infinity; NaN stays NaN. */
  logProb(value: TensorLike): tf.Tensor;
  /** Throws ConstraintError if a concrete parameter is outside its constraint. */
  validate(): void;

  readonly mean: tf.Tensor;
  readonly variance: tf.Tensor;
  readonly stddev: tf.Tensor;
  readonly mode: tf.Tensor;
  entropy(): tf.Tensor;
  cdf(value: TensorLike): tf.Tensor;
  icdf(p: TensorLike): tf.Tensor;
  /** [support, ...batch, ...event]; with expand false the batch dims have size 1. */
  enumerateSupport(options?: { expand?: boolean }): tf.Tensor;

  expand(batchShape: Shape): Distribution;
  expandBy(sampleShape: Shape): Distribution;
  /** The rightmost n batch dims (default: all) become event dims. */
  toEvent(n?: number): Distribution;
  /** Zero log density where the mask is false. */
  mask(mask: boolean | TensorLike): Distribution;
  toString(): string;
}
