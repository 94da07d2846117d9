/** `mask`: values whose log density does not count. */
import {
  formatShape,
  isTensor,
  lift,
  tf,
  toNdArray,
  type NdArray,
  type Shape,
  type TensorLike,
} from '@pyro-ts/ops';
import { wrappers } from '../base';
import type { Distribution, Intermediates } from '../distribution';
import { ShapeError } from '../errors';
import { defineFactory } from '../family/factory';
import { distribution, setting } from '../family/params';
import { logProbShape, tryBroadcast } from '../family/shapes';
import { broadcastTo, unsqueezeRight } from './axes';
import { Wrapper } from './wrapper';

type Mask = boolean | NdArray | tf.Tensor;

export class Masked extends Wrapper {
  constructor(
    base: Distribution,
    readonly held: Mask,
  ) {
    super('MaskedDistribution', base, base.batchShape);
  }

  /** Masked slots get a value of the support before the density is taken: a select around log 0 has a NaN gradient. */
  logProb(value: TensorLike, intermediates?: Intermediates): tf.Tensor {
    return tf.tidy(() => {
      const { held, baseDist, batchShape, eventShape, eventDim } = this;
      const x = lift(value);
      const shape = logProbShape(this, x.shape, batchShape, eventShape);
      if (held === false) return tf.zeros([...shape]);
      if (held === true) return baseDist.logProb(x, intermediates);
      const mask = broadcastTo(lift(held, 'bool'), shape);
      const full = broadcastTo(x, [...shape, ...eventShape]);
      const safe = tf.where(unsqueezeRight(mask, eventDim), full, baseDist.support.feasibleLike(full));
      return tf.where(mask, baseDist.logProb(safe), lift(0));
    });
  }

  /** −E[logProb]: masked slots contribute nothing. */
  override entropy(): tf.Tensor {
    const { held } = this;
    if (held === true) return this.baseDist.entropy();
    return tf.tidy(() =>
      held === false
        ? tf.zeros([...this.batchShape])
        : tf.where(lift(held, 'bool'), this.baseDist.entropy(), lift(0)),
    );
  }
  override enumerateSupport(options?: { expand?: boolean }): tf.Tensor {
    return this.baseDist.enumerateSupport(options);
  }

  override supportLogProb(): tf.Tensor {
    const { held } = this;
    return tf.tidy(() => {
      const table = this.baseDist.supportLogProb();
      if (typeof held === 'boolean') return held ? table : tf.zerosLike(table);
      return tf.where(lift(held, 'bool'), table, lift(0));
    });
  }

  override expand(batchShape: Shape): Distribution {
    this.checkExpansion(batchShape);
    return this.rewrap(this.baseDist.expand(batchShape));
  }
  override toString(): string {
    const { held } = this;
    return `${this.baseDist.toString()}.mask(${typeof held === 'boolean' ? held : formatShape(held.shape)})`;
  }
  protected rewrap(base: Distribution): Distribution {
    return new Masked(base, this.held);
  }
}

wrappers.masked = (base, mask) => {
  const held: Mask = typeof mask === 'boolean' || isTensor(mask) ? mask : toNdArray(mask);
  if (typeof held === 'boolean') return new Masked(base, held);
  const batchShape = tryBroadcast(base.batchShape, held.shape);
  if (batchShape !== undefined) return new Masked(base.expand(batchShape), held);
  throw new ShapeError(
    `mask of shape ${formatShape(held.shape)} does not broadcast with ${base.toString()}, whose batch shape is ${formatShape(base.batchShape)}`,
    'a mask has one element per batch element, not per event element.',
  );
};

/** Zero log density where `mask` is false; the same as `baseDist.mask(mask)`. */
export const MaskedDistribution = defineFactory({
  name: 'MaskedDistribution',
  description: 'A distribution whose log density counts only where a mask is true.',
  source: 'Definition: log p(x) where mask, else 0.',
  params: [distribution('baseDist'), setting<TensorLike>()('mask')],
  make: (values) => wrappers.masked(values['baseDist'] as Distribution, values['mask'] as TensorLike),
  inferShapes: (values) => {
    const { batchShape, eventShape } = values['baseDist'] as Distribution;
    return { batchShape, eventShape };
  },
});
