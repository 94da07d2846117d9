/** y = loc + scale · x */
import { lift, tf, type TensorLike } from '@pyro-ts/ops';
import { independent, real } from '../constraints';
import { sumLast } from '../constraints/parts';
import { broadcastShapes, shapeOf } from './shapes';
import { defineTransform, type Transform } from './transform';

/**
 * y = loc + scale · x, elementwise; log|J| = log|scale| summed over the rightmost `eventDim` dims.
 * @param loc broadcasts with x
 * @param scale broadcasts with x; not 0
 */
export function AffineTransform(
  loc: TensorLike,
  scale: TensorLike,
  options: { eventDim?: number } = {},
): Transform {
  const eventDim = options.eventDim ?? 0;
  const outShape = (shape: readonly number[]) => broadcastShapes(shape, shapeOf(loc), shapeOf(scale));
  return defineTransform({
    name: 'AffineTransform',
    args: { loc, scale, eventDim: eventDim === 0 ? undefined : eventDim },
    isAffine: true,
    domain: independent(real, eventDim),
    codomain: independent(real, eventDim),
    get sign() {
      return typeof scale === 'number' ? Math.sign(scale) : tf.sign(lift(scale));
    },
    forward: (x) => tf.add(lift(loc), tf.mul(lift(scale), x)),
    backward: (y) => tf.div(tf.sub(y, lift(loc)), lift(scale)),
    logDet: (_, y) => sumLast(tf.broadcastTo(tf.log(tf.abs(lift(scale))), y.shape), eventDim),
    forwardShape: outShape,
    inverseShape: outShape,
  });
}
