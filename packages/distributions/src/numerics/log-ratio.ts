/** power · log(value / reference) near and far from value = reference. */
import { tf } from '@pyro-ts/ops';

/**
 * `power` times the logarithm of 1 + delta, for a `delta` = value / reference − 1 that has no rounding error of its own.
 * Near 0, log1p keeps the digits that a large power would otherwise magnify; far from it, `far` — power · log(value)
 * and power · log(reference) apart — also serves values that are 0.
 */
export function powerLogRatio(power: tf.Tensor, delta: tf.Tensor, far: tf.Tensor): tf.Tensor {
  const near = tf.less(tf.abs(delta), 0.5);
  return tf.where(near, tf.mul(power, tf.log1p(tf.where(near, delta, tf.zerosLike(delta)))), far);
}
