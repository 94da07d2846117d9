/** Small helpers for dimensions counted from the right. */
import { tf, type Shape } from '@pyro-ts/ops';

export const lastAxes = (n: number): number[] => Array.from({ length: n }, (_, i) => i - n);

/** Sums the rightmost n dims away. */
export const sumRight = (x: tf.Tensor, n: number): tf.Tensor => (n === 0 ? x : tf.sum(x, lastAxes(n)));

/** Appends n dims of size 1, so that a batch-shaped tensor broadcasts over events. */
export const unsqueezeRight = (x: tf.Tensor, n: number): tf.Tensor =>
  n === 0 ? x : tf.reshape(x, [...x.shape, ...Array.from({ length: n }, () => 1)]);

/** Broadcasts unless the shape is already right. */
export function broadcastTo(x: tf.Tensor, shape: Shape): tf.Tensor {
  const same = x.rank === shape.length && x.shape.every((n, i) => n === shape[i]);
  return same ? x : tf.broadcastTo(x, [...shape]);
}
