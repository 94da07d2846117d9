/** Shape rules of kernels on stacks of matrices: dimensions before the last two are the batch. */
import { sizeOf, type Shape } from '../data/nd-array';
import { ShapeError, formatShape } from '../errors';
import { broadcastStrides, collapse, eachRow } from '../kernels/strided';

/** The order n of square matrices [..., n, n]. @throws {ShapeError} otherwise */
export function squareOrder(kernel: string, shape: Shape): number {
  const n = shape[shape.length - 1];
  if (shape.length < 2 || shape[shape.length - 2] !== n) {
    throw new ShapeError(
      `${kernel}: shape ${formatShape(shape)} is not a (batch of) square matrices\n  Fix: pass [..., n, n].`,
    );
  }
  return n;
}

export const batchShape = (shape: Shape): Shape => shape.slice(0, -2);

/** Calls `each` with the number of the result's matrix and the numbers of the matrices it is made of. */
export function eachMatrix(
  result: Shape,
  operands: readonly Shape[],
  each: (index: number, sources: readonly number[]) => void,
): void {
  if (sizeOf(result) === 0) return;
  const walk = collapse(
    result,
    operands.map((shape) => broadcastStrides(shape, result)),
  );
  const last = walk.shape.length - 1;
  let index = 0;
  eachRow(
    walk,
    operands.map(() => 0),
    (offsets) => {
      for (let i = 0; i < walk.shape[last]; i++) {
        each(
          index++,
          offsets.map((o, k) => o + i * walk.strides[k][last]),
        );
      }
    },
  );
}
