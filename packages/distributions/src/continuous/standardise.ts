/** Families of location and scale. */
import { tf } from '@pyro-ts/ops';
import { positive, real } from '../constraints';
import { defaulted } from '../family';

export interface LocationScale {
  readonly loc: tf.Tensor;
  readonly scale: tf.Tensor;
}

/** The parameters that most families on the real line share. */
export const locationScale = [defaulted('loc', real, 0), defaulted('scale', positive, 1)] as const;

/** (x − loc) / scale */
export const standardise = ({ loc, scale }: LocationScale, x: tf.Tensor): tf.Tensor =>
  tf.div(tf.sub(x, loc), scale);

/** loc + scale · z */
export const locate = ({ loc, scale }: LocationScale, z: tf.Tensor): tf.Tensor =>
  tf.add(loc, tf.mul(scale, z));

/** min(q, 1 − q), and whether q lies in the upper half: quantile functions keep their digits from the nearer end. */
export function nearerTail(q: tf.Tensor): { readonly tail: tf.Tensor; readonly upper: tf.Tensor } {
  return { tail: tf.minimum(q, tf.sub(1, q)), upper: tf.greater(q, 0.5) };
}

/** x, but 0 below 0: a cdf's argument on a half-line. NaN stays NaN. */
export const clampBelow = (x: tf.Tensor): tf.Tensor => tf.maximum(x, 0);

/** x in [0, 1]: a cdf's argument on the unit interval. NaN stays NaN. */
export const clampToUnit = (x: tf.Tensor): tf.Tensor => tf.minimum(tf.maximum(x, 0), 1);

/** A moment where it exists, else ∞. */
export const momentIf = (exists: tf.Tensor, moment: tf.Tensor): tf.Tensor =>
  tf.where(exists, moment, tf.fill(moment.shape, Infinity));

/** Euler's constant. */
export const EULER_GAMMA = 0.5772156649015329;
