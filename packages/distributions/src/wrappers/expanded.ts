/** `expand` for distributions that cannot do it by themselves: independent copies along new or stretched batch dims. */
import { lift, tf, type RandomKey, type Shape, type TensorLike } from '@pyro-ts/ops';
import { wrappers } from '../base';
import type { Distribution, DrawWithIntermediates, SampleOptions } from '../distribution';
import { defineFactory } from '../family/factory';
import { distribution, setting } from '../family/params';
import { logProbShape } from '../family/shapes';
import { broadcastTo } from './axes';
import { drawFrom, Wrapper } from './wrapper';

export class Expanded extends Wrapper {
  constructor(base: Distribution, batchShape: Shape) {
    super('ExpandedDistribution', base, batchShape);
  }

  /** Dims that the base lacks, or has with size 1, become sample dims of the base and are then moved into place. */
  protected override draw(sampleShape: Shape, key: RandomKey): tf.Tensor {
    const { baseDist, batchShape } = this;
    const fresh = batchShape.length - baseDist.batchShape.length;
    const stretched = baseDist.batchShape.map((n, i) =>
      n === 1 && batchShape[fresh + i] !== 1 ? batchShape[fresh + i] : 0,
    );
    const lead = [...sampleShape, ...batchShape.slice(0, fresh)];
    const drawShape = [...lead, ...stretched.filter((n) => n > 0)];
    const value = drawFrom(baseDist, drawShape, { key });

    const order = lead.map((_, i) => i);
    let next = lead.length;
    stretched.forEach((n, i) => {
      if (n > 0) order.push(next++);
      order.push(drawShape.length + i);
    });
    for (let i = order.length; i < value.rank; i++) order.push(i);
    const moved = order.every((axis, i) => axis === i) ? value : tf.transpose(value, order);
    return tf.reshape(moved, [...this.shape(sampleShape)]);
  }

  override sampleWithIntermediates(
    sampleShape: Shape = [],
    options: SampleOptions = {},
  ): DrawWithIntermediates {
    return { value: drawFrom(this, sampleShape, options), intermediates: undefined };
  }

  logProb(value: TensorLike): tf.Tensor {
    return tf.tidy(() => {
      const x = lift(value);
      const shape = logProbShape(this, x.shape, this.batchShape, this.eventShape);
      return broadcastTo(this.baseDist.logProb(x), shape);
    });
  }

  override get mean(): tf.Tensor {
    return tf.tidy(() => broadcastTo(this.baseDist.mean, this.shape()));
  }
  override get variance(): tf.Tensor {
    return tf.tidy(() => broadcastTo(this.baseDist.variance, this.shape()));
  }
  override get mode(): tf.Tensor {
    return tf.tidy(() => broadcastTo(this.baseDist.mode, this.shape()));
  }
  override entropy(): tf.Tensor {
    return tf.tidy(() => broadcastTo(this.baseDist.entropy(), this.batchShape));
  }
  override enumerateSupport(options: { expand?: boolean } = {}): tf.Tensor {
    return tf.tidy(() => {
      const values = this.baseDist.enumerateSupport({ expand: false });
      const thin = [values.shape[0], ...this.batchShape.map(() => 1), ...this.eventShape];
      const listed = tf.reshape(values, thin);
      return options.expand === false ? listed : broadcastTo(listed, [values.shape[0], ...this.shape()]);
    });
  }

  override supportLogProb(): tf.Tensor {
    return tf.tidy(() => {
      const table = this.baseDist.supportLogProb();
      const [count, ...own] = table.shape;
      const missing = Array.from({ length: this.batchShape.length - own.length }, () => 1);
      return broadcastTo(tf.reshape(table, [count, ...missing, ...own]), [count, ...this.batchShape]);
    });
  }

  override expand(batchShape: Shape): Distribution {
    this.checkExpansion(batchShape);
    return new Expanded(this.baseDist, [...batchShape]);
  }
  override toString(): string {
    return `${this.baseDist.toString()}.expand([${this.batchShape.join(', ')}])`;
  }
  protected rewrap(base: Distribution): Distribution {
    return new Expanded(base, this.batchShape);
  }
}

wrappers.expanded = (base, batchShape) => new Expanded(base, [...batchShape]);

/** Independent copies of `baseDist` along `batchShape`; the same as `baseDist.expand(batchShape)`. */
export const ExpandedDistribution = defineFactory({
  name: 'ExpandedDistribution',
  description: 'Independent copies of a distribution along new batch dims.',
  source: 'Definition: values are i.i.d. along expanded dims, those of size 1 in the base included.',
  params: [distribution('baseDist'), setting<Shape>()('batchShape')],
  make: (values) => (values['baseDist'] as Distribution).expand(values['batchShape'] as Shape),
  inferShapes: (values) => ({
    batchShape: values['batchShape'] as Shape,
    eventShape: (values['baseDist'] as Distribution).eventShape,
  }),
});
