/** Cholesky's factorisation and its reverse mode, row by row in place. */
import { sizeOf, type NumericArray } from '../data/nd-array';
import type { KernelSpec } from '../kernels/kernel';
import { sameShape } from '../kernels/attrs';
import { ShapeError, formatShape } from '../errors';
import { squareOrder } from './batch';

/** L at `l[at…]` from the symmetric part of A; NaN throughout the lower triangle if A is not positive definite. */
function factorise(a: NumericArray, l: Float64Array, at: number, n: number): void {
  for (let i = 0; i < n; i++) {
    const row = at + i * n;
    for (let j = 0; j <= i; j++) {
      const other = at + j * n;
      let sum = 0.5 * a[row + j] + 0.5 * a[other + i];
      for (let k = 0; k < j; k++) sum -= l[row + k] * l[other + k];
      if (i !== j) l[row + j] = sum / l[other + j];
      else if (sum > 0 && sum < Infinity) l[row + j] = Math.sqrt(sum);
      else return fillLower(l, at, n, NaN);
    }
  }
}

function fillLower(l: Float64Array, at: number, n: number, value: number): void {
  for (let i = 0; i < n; i++) l.fill(value, at + i * n, at + i * n + i + 1);
}

/**
 * Reverse mode of the unblocked factorisation (Smith, J. Comput. Graph. Stat. 4 (1995) 134, in the form of Murray,
 * arXiv:1602.07527, section 3.2): f holds the cotangent of L and becomes that of the lower triangle of A.
 */
function reverse(l: NumericArray, f: Float64Array, at: number, n: number): void {
  for (let k = n - 1; k >= 0; k--) {
    for (let i = k + 1; i < n; i++) {
      let own = 0;
      const lik = l[at + i * n + k];
      for (let j = k + 1; j <= i; j++) {
        const fij = f[at + i * n + j];
        own += fij * l[at + j * n + k];
        f[at + j * n + k] -= fij * lik;
      }
      f[at + i * n + k] -= own;
    }
    const pivot = l[at + k * n + k];
    let diagonal = f[at + k * n + k];
    for (let j = k + 1; j < n; j++) {
      f[at + j * n + k] /= pivot;
      diagonal -= l[at + j * n + k] * f[at + j * n + k];
    }
    f[at + k * n + k] = diagonal / (2 * pivot);
  }
}

/** Each off-diagonal entry of the lower triangle stood for two of A: half to each. */
function symmetrise(f: Float64Array, at: number, n: number): void {
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) {
      const half = 0.5 * f[at + i * n + j];
      f[at + i * n + j] = half;
      f[at + j * n + i] = half;
    }
  }
}

export const choleskyKernels = {
  /** Lower L with L Lᵀ = (A + Aᵀ)/2. Not positive definite: NaN in the lower triangle of that matrix, nothing thrown. */
  Cholesky: {
    inputs: ['input'],
    infer: ([a]) => {
      squareOrder('Cholesky', a.shape);
      return [{ shape: a.shape, dtype: 'float32' }];
    },
    compute([a], _attrs, [out]) {
      const n = squareOrder('Cholesky', out.shape);
      const l = new Float64Array(sizeOf(out.shape));
      for (let at = 0; at < l.length; at += n * n) factorise(a.data, l, at, n);
      return [l];
    },
  },
  /** The symmetric cotangent of A from L and the cotangent of L (its upper triangle is not read). */
  CholeskyGrad: {
    inputs: ['l', 'grad'],
    infer: ([l, grad]) => {
      squareOrder('CholeskyGrad', l.shape);
      if (!sameShape(l.shape, grad.shape)) {
        throw new ShapeError(
          `CholeskyGrad: factor ${formatShape(l.shape)} and cotangent ${formatShape(grad.shape)} differ`,
        );
      }
      return [{ shape: l.shape, dtype: 'float32' }];
    },
    compute([l, grad], _attrs, [out]) {
      const n = squareOrder('CholeskyGrad', out.shape);
      const f = Float64Array.from(grad.data);
      for (let at = 0; at < f.length; at += n * n) {
        reverse(l.data, f, at, n);
        symmetrise(f, at, n);
      }
      return [f];
    },
  },
} satisfies Record<string, KernelSpec>;
