/** Solving with triangular matrices by substitution. */
import { sizeOf, type NumericArray } from '../data/nd-array';
import { ShapeError, formatShape } from '../errors';
import { booleanAttr } from '../kernels/attrs';
import type { KernelSpec } from '../kernels/kernel';
import { broadcastShapes } from '../kernels/strided';
import { batchShape, eachMatrix, squareOrder } from './batch';

/**
 * Overwrites x, [n, m], which holds B: T X = B, T being the lower or upper triangle of `t`, transposed with `adjoint`.
 * Forward substitution where T (as it stands in the equation) is lower, backward where it is upper.
 */
function substitute(
  t: NumericArray,
  tAt: number,
  x: Float64Array,
  xAt: number,
  [n, m]: readonly [number, number],
  lower: boolean,
  adjoint: boolean,
): void {
  const forward = lower !== adjoint;
  const [rowStride, columnStride] = adjoint ? [1, n] : [n, 1];
  for (let step = 0; step < n; step++) {
    const i = forward ? step : n - 1 - step;
    const row = xAt + i * m;
    const first = forward ? 0 : i + 1;
    const end = forward ? i : n;
    for (let k = first; k < end; k++) {
      const factor = t[tAt + i * rowStride + k * columnStride];
      const other = xAt + k * m;
      for (let c = 0; c < m; c++) x[row + c] -= factor * x[other + c];
    }
    const pivot = t[tAt + i * (n + 1)];
    for (let c = 0; c < m; c++) x[row + c] /= pivot;
  }
}

export const triangularKernels = {
  /** X, [..., n, m], with T X = B (Tᵀ X = B with `adjoint`); only the triangle named by `lower` is read. */
  TriangularSolve: {
    inputs: ['matrix', 'rhs'],
    infer: ([t, b]) => {
      const n = squareOrder('TriangularSolve', t.shape);
      if (b.shape.length < 2 || b.shape[b.shape.length - 2] !== n) {
        throw new ShapeError(
          `TriangularSolve: right-hand side ${formatShape(b.shape)} does not fit matrix ${formatShape(t.shape)}\n` +
            `  Fix: pass [..., ${n}, m]; a vector needs a last dimension of 1.`,
        );
      }
      const batch = broadcastShapes(batchShape(t.shape), batchShape(b.shape));
      return [{ shape: [...batch, n, b.shape[b.shape.length - 1]], dtype: 'float32' }];
    },
    compute([t, b], attrs, [out]) {
      const [n, m] = out.shape.slice(-2);
      const x = new Float64Array(sizeOf(out.shape));
      const lower = attrs['lower'] === undefined || booleanAttr(attrs, 'lower');
      const adjoint = booleanAttr(attrs, 'adjoint');
      eachMatrix(batchShape(out.shape), [batchShape(t.shape), batchShape(b.shape)], (index, [ti, bi]) => {
        const at = index * n * m;
        for (let i = 0; i < n * m; i++) x[at + i] = b.data[bi * n * m + i];
        substitute(t.data, ti * n * n, x, at, [n, m], lower, adjoint);
      });
      return [x];
    },
  },
} satisfies Record<string, KernelSpec>;
