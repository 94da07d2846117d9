/** Small tensor pieces that checks are made of. */
import { lift, tf, type TensorLike } from '@pyro-ts/ops';

export const asFloat = (x: tf.Tensor): tf.Tensor => (x.dtype === 'float32' ? x : tf.cast(x, 'float32'));

/** Rightmost n axes of a rank. */
export const lastAxes = (rank: number, n: number): number[] =>
  Array.from({ length: n }, (_, i) => rank - n + i);

/** True where all entries of the rightmost n dims are. */
export const allLast = (x: tf.Tensor, n: number): tf.Tensor => (n === 0 ? x : tf.all(x, lastAxes(x.rank, n)));

export const sumLast = (x: tf.Tensor, n: number): tf.Tensor => (n === 0 ? x : tf.sum(x, lastAxes(x.rank, n)));

/** Conjunction of any number of conditions, with broadcasting. */
export const both = (...conditions: readonly tf.Tensor[]): tf.Tensor =>
  conditions.reduce((a, b) => tf.logicalAnd(a, b));

export const isInteger = (x: tf.Tensor): tf.Tensor => {
  const value = asFloat(x);
  return tf.equal(value, tf.floor(value));
};

/** False for NaN alone. */
export const isNumber = (x: tf.Tensor): tf.Tensor => tf.equal(x, x);

/** |a − b| ≤ tolerance; false for NaN. */
export const near = (a: tf.Tensor, b: TensorLike, tolerance: number): tf.Tensor =>
  tf.lessEqual(tf.abs(tf.sub(a, lift(b))), lift(tolerance));

/** A value repeated to the shape and dtype of a prototype. */
export function like(prototype: tf.Tensor, value: TensorLike): tf.Tensor {
  return tf.cast(tf.broadcastTo(lift(value), prototype.shape), prototype.dtype);
}

/** [n, n] of ones on and below the given diagonal, zeros above. */
export function lowerMask(n: number, diagonal = 0): tf.Tensor {
  const mask = new Float64Array(n * n);
  for (let i = 0; i < n; i++) for (let j = 0; j < n && j <= i + diagonal; j++) mask[i * n + j] = 1;
  return lift({ data: mask, shape: [n, n], dtype: 'float32' });
}

/** Diagonal of [..., n, n], shape [..., n]; differentiable. */
export function diagonalOf(x: tf.Tensor): tf.Tensor {
  return tf.sum(tf.mul(x, identity(x.shape[x.rank - 1])), -1);
}

export const identity = (n: number): tf.Tensor => tf.sub(lowerMask(n), lowerMask(n, -1));

/** The identity matrix in every batch position of a prototype [..., n, n]. */
export const identityLike = (prototype: tf.Tensor): tf.Tensor =>
  like(prototype, identity(prototype.shape[prototype.rank - 1]));
