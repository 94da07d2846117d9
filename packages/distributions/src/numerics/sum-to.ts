import { tf, type Shape } from '@pyro-ts/ops';

/** The transpose of broadcasting: sums the dimensions along which `shape` was repeated. */
export function sumTo(x: tf.Tensor, shape: Shape): tf.Tensor {
  const extra = x.rank - shape.length;
  const axes = x.shape.flatMap((n, i) => (i < extra || (shape[i - extra] === 1 && n !== 1) ? [i] : []));
  return axes.length === 0 ? x : tf.reshape(tf.sum(x, axes), [...shape]);
}
