/** Constant masks of matrices by row and column. */
import type * as tfjs from '@tensorflow/tfjs';
import { upload } from '../data/tensor-like';
import { sizeOf, type Shape } from '../data/nd-array';
import { broadcastTo } from '../gradients/primitives';

/** A bool tensor of `shape`, [..., rows, columns], true where `keep(row, column)`. */
export function bandMask(shape: Shape, keep: (row: number, column: number) => boolean): tfjs.Tensor {
  const [rows, columns] = shape.slice(-2);
  const mask = new Uint8Array(sizeOf([rows, columns]));
  for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) mask[i * columns + j] = Number(keep(i, j));
  return broadcastTo(upload(mask, [rows, columns], 'bool'), shape);
}
