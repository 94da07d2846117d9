/** General square matrices by Gaussian elimination with partial pivoting: determinant and inverse. */
import { sizeOf, type NumericArray } from '../data/nd-array';
import type { KernelSpec } from '../kernels/kernel';
import { batchShape, squareOrder } from './batch';

interface Elimination {
  /** Unit lower L below the diagonal, U on and above it, of the rows in the order of `rows`. */
  readonly lu: Float64Array;
  readonly rows: readonly number[];
  /** Parity of the row exchanges. */
  readonly sign: number;
}

function eliminate(a: NumericArray, at: number, n: number): Elimination {
  const lu = Float64Array.from(a.subarray(at, at + n * n));
  const rows = Array.from({ length: n }, (_, i) => i);
  let sign = 1;
  for (let k = 0; k < n; k++) {
    let pivot = k;
    for (let i = k + 1; i < n; i++) if (Math.abs(lu[i * n + k]) > Math.abs(lu[pivot * n + k])) pivot = i;
    if (pivot !== k) {
      sign = -sign;
      [rows[k], rows[pivot]] = [rows[pivot], rows[k]];
      for (let j = 0; j < n; j++) [lu[k * n + j], lu[pivot * n + j]] = [lu[pivot * n + j], lu[k * n + j]];
    }
    if (lu[k * n + k] === 0) continue;
    for (let i = k + 1; i < n; i++) {
      const factor = (lu[i * n + k] /= lu[k * n + k]);
      for (let j = k + 1; j < n; j++) lu[i * n + j] -= factor * lu[k * n + j];
    }
  }
  return { lu, rows, sign };
}

/** Writes the inverse, column by column; infinite or NaN where the matrix is singular. */
function invert({ lu, rows }: Elimination, out: Float64Array, at: number, n: number): void {
  for (let c = 0; c < n; c++) {
    for (let i = 0; i < n; i++) {
      let sum = rows[i] === c ? 1 : 0;
      for (let k = 0; k < i; k++) sum -= lu[i * n + k] * out[at + k * n + c];
      out[at + i * n + c] = sum;
    }
    for (let i = n - 1; i >= 0; i--) {
      let sum = out[at + i * n + c];
      for (let k = i + 1; k < n; k++) sum -= lu[i * n + k] * out[at + k * n + c];
      out[at + i * n + c] = sum / lu[i * n + i];
    }
  }
}

export const luKernels = {
  /** sign(det A) and log|det A|, [...batch]; sign 0 and −∞ for a singular matrix. */
  LogMatrixDeterminant: {
    inputs: ['input'],
    infer: ([a]) => {
      squareOrder('LogMatrixDeterminant', a.shape);
      const spec = { shape: batchShape(a.shape), dtype: 'float32' } as const;
      return [spec, spec];
    },
    compute([a], _attrs, [out]) {
      const n = squareOrder('LogMatrixDeterminant', a.shape);
      const signs = new Float64Array(sizeOf(out.shape));
      const logs = new Float64Array(signs.length);
      for (let m = 0; m < signs.length; m++) {
        const { lu, sign } = eliminate(a.data, m * n * n, n);
        signs[m] = sign;
        for (let i = 0; i < n; i++) {
          const d = lu[i * n + i];
          signs[m] *= Number.isNaN(d) ? NaN : Math.sign(d);
          logs[m] += Math.log(Math.abs(d));
        }
        signs[m] += 0; // no −0
      }
      return [signs, logs];
    },
  },
  /** A⁻¹. */
  MatrixInverse: {
    inputs: ['input'],
    infer: ([a]) => {
      squareOrder('MatrixInverse', a.shape);
      return [{ shape: a.shape, dtype: 'float32' }];
    },
    compute([a], _attrs, [out]) {
      const n = squareOrder('MatrixInverse', a.shape);
      const inverse = new Float64Array(sizeOf(out.shape));
      for (let at = 0; at < inverse.length; at += n * n) invert(eliminate(a.data, at, n), inverse, at, n);
      return [inverse];
    },
  },
} satisfies Record<string, KernelSpec>;
