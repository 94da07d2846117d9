/** KL(Dirichlet ‖ Dirichlet), shared with Beta. */
import { tf } from '@pyro-ts/ops';
import { Dirichlet } from '../multivariate';
import { bregmanRemainder, deviance } from '../numerics/excess';
import { registerKl } from './registry';

const total = (terms: readonly tf.Tensor[]): tf.Tensor => terms.reduce((a, b) => tf.add(a, b));

/**
 * Bregman divergences of log Γ at each concentration, less that at their sum. Their leading terms, Σ bᵢ log(bᵢ/aᵢ) −
 * B log(B/A), are the deviance of the bᵢ from aᵢ B/A, no term of which is negative.
 */
export function betweenDirichlets(a: readonly tf.Tensor[], b: readonly tf.Tensor[]): tf.Tensor {
  const [sumA, sumB] = [total(a), total(b)];
  const scale = tf.div(sumB, sumA);
  const each = a.map((x, i) => tf.add(deviance(b[i], tf.mul(x, scale)), bregmanRemainder(x, b[i])));
  return tf.sub(total(each), bregmanRemainder(sumA, sumB));
}

registerKl(Dirichlet, Dirichlet, (p, q) => {
  const [a, b] = [p.concentration, q.concentration];
  const [sumA, sumB] = [tf.sum(a, -1), tf.sum(b, -1)];
  const scaled = tf.mul(a, tf.expandDims(tf.div(sumB, sumA), -1));
  const each = tf.add(deviance(b, scaled), bregmanRemainder(a, b));
  return tf.sub(tf.sum(each, -1), bregmanRemainder(sumA, sumB));
});
