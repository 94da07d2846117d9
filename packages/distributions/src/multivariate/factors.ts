/** Products and solves with triangular factors [...batch, K, K] on vectors [...sample, ...batch, K]. */
import { cholesky, diagPart, sizeOf, tf, triangularSolve } from '@pyro-ts/ops';
import { sameShape, tryBroadcast } from '../family/shapes';

/** Applies a map of matrices [...batch, K, S] to vectors: where batch dims agree, samples become columns. */
function byColumns(
  l: tf.Tensor,
  x: tf.Tensor,
  f: (l: tf.Tensor, columns: tf.Tensor) => tf.Tensor,
): tf.Tensor {
  const n = x.shape[x.rank - 1];
  const batch = l.shape.slice(0, -2);
  const lead = x.shape.slice(0, -1);
  const split = lead.length - batch.length;
  if (split < 0 || !sameShape(lead.slice(split), batch)) {
    const joint = tryBroadcast(lead, batch) ?? lead;
    const full = tf.broadcastTo(l, [...joint, n, n]);
    return tf.squeeze(f(full, tf.broadcastTo(tf.expandDims(x, -1), [...joint, n, 1])), [-1]);
  }
  const samples = lead.slice(0, split);
  const count = sizeOf(samples);
  const flat = tf.reshape(x, [count, ...batch, n]);
  const toEnd = [...batch.map((_, i) => i + 1), batch.length + 1, 0];
  const columns = f(l, tf.transpose(flat, toEnd));
  const toFront = [batch.length + 1, ...batch.map((_, i) => i), batch.length];
  return tf.reshape(tf.transpose(columns, toFront), [...lead, n]);
}

/** L⁻¹ x */
export const solveVector = (l: tf.Tensor, x: tf.Tensor): tf.Tensor =>
  byColumns(l, x, (a, columns) => triangularSolve(a, columns, { lower: true }));

/** L x, or Lᵀ x */
export const timesVector = (l: tf.Tensor, x: tf.Tensor, transpose = false): tf.Tensor =>
  byColumns(l, x, (a, columns) => tf.matMul(a, columns, transpose, false));

/** L Lᵀ */
export const timesTranspose = (l: tf.Tensor): tf.Tensor => tf.matMul(l, l, false, true);

/** Σ log of the diagonal. */
export const logDiagonal = (l: tf.Tensor): tf.Tensor => tf.sum(tf.log(diagPart(l)), -1);

/** The lower L with P⁻¹ = L Lᵀ: the Cholesky factor of P with rows and columns reversed, turned back and inverted. */
export function inverseFactor(precision: tf.Tensor): tf.Tensor {
  const n = precision.shape[precision.rank - 1];
  const flip = (x: tf.Tensor): tf.Tensor => tf.reverse(x, [x.rank - 2, x.rank - 1]);
  const reversed = flip(cholesky(flip(precision)));
  const axes = reversed.shape.map((_, i) => i);
  const swapped = [...axes.slice(0, -2), axes.length - 1, axes.length - 2];
  return triangularSolve(tf.transpose(reversed, swapped), tf.eye(n), { lower: true });
}
