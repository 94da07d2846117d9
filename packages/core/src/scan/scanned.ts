/** The distribution of a site of a scan over all of its steps. */
import { BaseDistribution, type Constraint, type Distribution } from '@pyro-ts/distributions';
import {
  isConcrete,
  lift,
  tf,
  foldIn,
  type NdArray,
  type RandomKey,
  type Shape,
  type TensorLike,
} from '@pyro-ts/ops';

import { HandlerError } from '../errors';

/** What a scan has found out about a site: the values at all steps and their log densities. */
interface Scored {
  readonly value: tf.Tensor | NdArray;
  readonly logProb: tf.Tensor | NdArray;
}

export interface ScannedSource {
  /** The whole path of the site in a run of its own. */
  draw(key: RandomKey): tf.Tensor;
  /** Log densities, shape [T, ...batch], of another path; the other sites keep theirs. */
  rescore(value: tf.Tensor): tf.Tensor;
  /** Whether the support is another one in each step, and so none of the whole. */
  readonly hasMovingSupport: boolean;
  readonly site: string;
}

/**
 * Batch shape [T, ...batch of a step]. Steps may depend on earlier ones through the carry, so densities come from a run
 * of the scan: that in which the value came up, or another one.
 */
export class Scanned extends BaseDistribution {
  readonly family: string;
  readonly eventShape: Shape;
  readonly params = {};
  protected readonly hasPath: boolean;
  private readonly scored: Scored | undefined = undefined;

  /**
   * @param step the distribution at one of the steps
   * @param batchShape [T, ...batch of a step without enumeration dims]
   */
  constructor(
    private readonly step: Distribution,
    readonly batchShape: Shape,
    private readonly source: ScannedSource,
  ) {
    super();
    this.family = step.family;
    this.eventShape = step.eventShape;
    this.hasPath = step.hasRsample;
  }

  /** @throws {HandlerError} if it depends on the step */
  get support(): Constraint {
    if (!this.source.hasMovingSupport) return this.step.support;
    throw new HandlerError({
      site: this.source.site,
      problem: `the support of ${this.step.toString()} depends on what the body of the scan computes or is given, so the steps have no common one`,
      fix: 'sample a value from a fixed support and compute the other from it: x = low + (high - low) * u.',
    });
  }

  get validateArgs(): boolean {
    return this.step.validateArgs;
  }
  override get isDiscrete(): boolean {
    return this.step.isDiscrete;
  }
  override get hasEnumerateSupport(): boolean {
    return this.step.hasEnumerateSupport;
  }
  override enumerateSupport(options?: { expand?: boolean }): tf.Tensor {
    return this.step.enumerateSupport(options);
  }

  /** A copy that knows the result of a run. */
  withScore(scored: Scored): Scanned {
    return this.with({ scored });
  }

  logProb(value: TensorLike): tf.Tensor {
    const x = lift(value);
    const { scored } = this;
    if (scored !== undefined && isSame(x, lift(scored.value))) return lift(scored.logProb);
    return this.source.rescore(tf.broadcastTo(x, [...this.shape()]));
  }

  validate(): void {
    this.step.validate();
  }

  withValidateArgs(validateArgs: boolean): Distribution {
    return this.with({ step: this.step.withValidateArgs(validateArgs) });
  }

  toString(): string {
    return `${this.step.toString()} in a scan of ${this.batchShape[0]} steps`;
  }

  protected draw(sampleShape: Shape, key: RandomKey): tf.Tensor {
    if (sampleShape.length === 0) return this.source.draw(key);
    const count = sampleShape.reduce((a, b) => a * b, 1);
    const draws = Array.from({ length: count }, (_, i) => this.source.draw(foldIn(key, i)));
    return tf.reshape(tf.stack(draws), [...this.shape(sampleShape)]);
  }
}

function isSame(a: tf.Tensor, b: tf.Tensor): boolean {
  if (a.shape.join() !== b.shape.join()) return false;
  if (a.dataId === b.dataId) return true;
  if (!isConcrete(a) || !isConcrete(b)) return false;
  const [x, y] = [a.dataSync(), b.dataSync()];
  return x.every((item, i) => Object.is(item, y[i]));
}
