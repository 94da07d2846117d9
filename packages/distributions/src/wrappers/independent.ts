/** `toEvent`: the rightmost batch dims of a distribution become part of one event. */
import { formatShape, tf, type Shape, type TensorLike } from '@pyro-ts/ops';
import { wrappers } from '../base';
import type { Constraint } from '../constraints/constraint';
import { independent } from '../constraints/composite';
import type { Distribution, Intermediates } from '../distribution';
import { ShapeError } from '../errors';
import { defineFactory } from '../family/factory';
import { distribution, setting } from '../family/params';
import { logProbShape } from '../family/shapes';
import { sumRight } from './axes';
import { Wrapper } from './wrapper';

export class IndependentDistribution extends Wrapper {
  constructor(
    base: Distribution,
    readonly reinterpretedBatchNdims: number,
  ) {
    const split = base.batchShape.length - reinterpretedBatchNdims;
    super('Independent', base, base.batchShape.slice(0, split), base.shape().slice(split));
  }

  override get support(): Constraint {
    return independent(this.baseDist.support, this.reinterpretedBatchNdims);
  }
  /** The support of a vector of n discrete values has exponentially many members: it is not listed. */
  override get hasEnumerateSupport(): boolean {
    return false;
  }

  logProb(value: TensorLike, intermediates?: Intermediates): tf.Tensor {
    return tf.tidy(() => {
      logProbShape(this, shapeOf(value), this.batchShape, this.eventShape);
      return sumRight(this.baseDist.logProb(value, intermediates), this.reinterpretedBatchNdims);
    });
  }

  override entropy(): tf.Tensor {
    return tf.tidy(() => sumRight(this.baseDist.entropy(), this.reinterpretedBatchNdims));
  }
  override cdf(): tf.Tensor {
    return this.unsupported('cdf');
  }
  override logCdf(): tf.Tensor {
    return this.unsupported('logCdf');
  }
  override logSurvival(): tf.Tensor {
    return this.unsupported('logSurvival');
  }
  override icdf(): tf.Tensor {
    return this.unsupported('icdf');
  }

  override expand(batchShape: Shape): Distribution {
    this.checkExpansion(batchShape);
    const inner = this.eventShape.slice(0, this.reinterpretedBatchNdims);
    return this.rewrap(this.baseDist.expand([...batchShape, ...inner]));
  }
  override toEvent(n: number = this.batchShape.length): Distribution {
    return this.baseDist.toEvent(this.checkedNdims(n));
  }
  override toString(): string {
    return `${this.baseDist.toString()}.toEvent(${this.reinterpretedBatchNdims})`;
  }

  protected rewrap(base: Distribution): Distribution {
    return new IndependentDistribution(base, this.reinterpretedBatchNdims);
  }

  private checkedNdims(n: number): number {
    const total = this.reinterpretedBatchNdims + n;
    if (total >= 0 && total <= this.baseDist.batchShape.length) return total;
    throw new ShapeError(
      `toEvent(${n}) of ${this.toString()}, whose batch shape is ${formatShape(this.batchShape)}`,
      `pass between ${-this.reinterpretedBatchNdims} and ${this.batchShape.length}, or expand first.`,
    );
  }
}

/** The shape of anything tensor-like, without making a tensor of tensors and data. */
function shapeOf(value: TensorLike): Shape {
  return typeof value === 'object' && 'shape' in value
    ? value.shape
    : tf.tidy(() => tf.tensor(value as never).shape);
}

wrappers.independent = (base, ndims) => new IndependentDistribution(base, ndims);

/** The rightmost `reinterpretedBatchNdims` batch dims of `baseDist` become event dims: log densities add up. */
export const Independent = defineFactory({
  name: 'Independent',
  description: 'A batch of independent values seen as one event.',
  source: 'Definition: log p(x) = Σ log p(xᵢ).',
  params: [distribution('baseDist'), setting<number>()('reinterpretedBatchNdims')],
  make: (values) =>
    wrappers.independent(values['baseDist'] as Distribution, values['reinterpretedBatchNdims'] as number),
  inferShapes: (values) => {
    const base = values['baseDist'] as Distribution;
    const split = base.batchShape.length - (values['reinterpretedBatchNdims'] as number);
    return { batchShape: base.batchShape.slice(0, split), eventShape: base.shape().slice(split) };
  },
});
