/** Between vectors of the entries of a triangle, row by row, and matrices. One gather each way. */
import { lift, tf } from '@pyro-ts/ops';

const indices = (values: readonly number[]): tf.Tensor => lift(Int32Array.from(values), 'int32');

/** [..., m] → [..., n, n]; entry (i, j) is x[slot(i, j)], zero where slot is undefined. */
export function unpack(
  x: tf.Tensor,
  n: number,
  slot: (i: number, j: number) => number | undefined,
): tf.Tensor {
  const batch = x.shape.slice(0, -1);
  const axis = x.rank - 1;
  const index = Array.from({ length: n * n }, (_, k) => (slot(Math.floor(k / n), k % n) ?? -1) + 1);
  const withZero = tf.concat([tf.zeros([...batch, 1]), x], axis);
  return tf.reshape(tf.gather(withZero, indices(index), axis), [...batch, n, n]);
}

/** [..., n, n] → [..., m]: the entries at the given rows and columns. */
export function pack(y: tf.Tensor, entries: readonly (readonly [number, number])[]): tf.Tensor {
  const n = y.shape[y.rank - 1];
  const flat = tf.reshape(y, [...y.shape.slice(0, -2), n * n]);
  return tf.gather(flat, indices(entries.map(([i, j]) => i * n + j)), y.rank - 2);
}

/** Places of a triangle, row by row: below the diagonal (−1), or down to it (0). */
export function triangle(n: number, diagonal: 0 | -1): [number, number][] {
  const places: [number, number][] = [];
  for (let i = 0; i < n; i++) for (let j = 0; j <= i + diagonal; j++) places.push([i, j]);
  return places;
}

/** Index of (i, j), j < i, in a row by row list of the strictly lower entries. */
export const strictSlot = (i: number, j: number): number | undefined =>
  j < i ? (i * (i - 1)) / 2 + j : undefined;
