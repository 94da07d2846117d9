/** Kernels on the diagonals of matrices. */
import { allocate, sizeOf } from '../data/nd-array';
import { ShapeError, formatShape } from '../errors';
import type { KernelSpec } from './kernel';

/** Keeps the band of `numLower` sub- and `numUpper` super-diagonals (negative: all of them); the rest is 0. */
const matrixBandPart: KernelSpec = {
  inputs: ['input', 'numLower', 'numUpper'],
  infer: ([x]) => {
    if (x.shape.length < 2) throw new ShapeError(`bandPart: shape ${formatShape(x.shape)} is not a matrix`);
    return [x];
  },
  compute([x, lower, upper], _attrs, [out]) {
    const [rows, columns] = x.shape.slice(-2);
    const [low, high] = [lower.data[0], upper.data[0]];
    const y = allocate(out.dtype, x.data.length);
    for (let i = 0; i < y.length; i++) {
      const c = i % columns;
      const r = Math.floor(i / columns) % rows;
      if ((low < 0 || r - c <= low) && (high < 0 || c - r <= high)) y[i] = x.data[i];
    }
    return [y];
  },
};

/** Doubles the rank: y[i, i] = x[i]. */
const diag: KernelSpec = {
  inputs: ['x'],
  infer: ([x]) => [{ shape: [...x.shape, ...x.shape], dtype: x.dtype }],
  compute([x], _attrs, [out]) {
    const n = x.data.length;
    const y = allocate(out.dtype, sizeOf(out.shape));
    for (let i = 0; i < n; i++) y[i * (n + 1)] = x.data[i];
    return [y];
  },
};

export const matrixKernels = { MatrixBandPart: matrixBandPart, Diag: diag };
