/** What loops ask of the state that they carry. */
import type * as tfjs from '@tensorflow/tfjs';
import { ShapeError, formatShape } from '../errors';
import { sameShape } from '../kernels/attrs';

/** @throws {ShapeError} if a carry changes its shape or dtype */
export function checkLoopCarry(
  what: string,
  before: readonly tfjs.Tensor[],
  after: readonly tfjs.Tensor[],
): void {
  after.forEach((t, i) => {
    if (sameShape(t.shape, before[i].shape) && t.dtype === before[i].dtype) return;
    throw new ShapeError(
      `${what}: the carry changes from ${before[i].dtype} ${formatShape(before[i].shape)} to ${t.dtype} ` +
        `${formatShape(t.shape)}\n  Fix: return a carry of the shape and dtype that 'init' has.`,
    );
  });
}
