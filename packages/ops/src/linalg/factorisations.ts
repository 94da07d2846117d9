/** Factorisations, solves and determinants as differentiable operations on stacks of matrices. */
import * as tfjs from '@tensorflow/tfjs';
import { lift, type TensorLike } from '../data/tensor-like';
import { runKernel, runKernelMulti } from '../kernels/run';
import * as p from '../gradients/primitives';
import { diagPart, eye } from './diagonal';

/**
 * Lower L with L Lᵀ = A, [..., n, n]. A is read as (A + Aᵀ)/2, so the gradient is symmetric. Backward stable: L Lᵀ is
 * within (n + 2) ε |L||Lᵀ| of A (Higham, Accuracy and Stability, theorem 10.3). Where A is not positive definite, the lower
 * triangle of that matrix is NaN; nothing is thrown. Differentiable twice and more.
 */
export function cholesky(a: TensorLike): tfjs.Tensor {
  return tfjs.tidy(() => {
    return runKernel('Cholesky', { input: lift(a, 'float32') });
  });
}

export interface TriangularSolveOptions {
  /** Which triangle of the matrix is read. Default true. */
  readonly lower?: boolean;
  /** Solve with the transpose. Default false. */
  readonly adjoint?: boolean;
}

/**
 * X with T X = B, T a triangle of `matrix`.
 * @param matrix [..., n, n]; the other triangle is not read
 * @param rhs B, [..., n, m]; batch dimensions broadcast
 * @returns X, [..., n, m]; (T + E) X = B with |E| ≤ n ε |T| column by column (Higham, theorem 8.5)
 */
export function triangularSolve(
  matrix: TensorLike,
  rhs: TensorLike,
  { lower = true, adjoint = false }: TriangularSolveOptions = {},
): tfjs.Tensor {
  return tfjs.tidy(() => {
    const inputs = { matrix: lift(matrix, 'float32'), rhs: lift(rhs, 'float32') };
    return runKernel('TriangularSolve', inputs, { lower, adjoint });
  });
}

/** log det(L Lᵀ) = 2 Σ log Lᵢᵢ, [...batch], from a Cholesky factor [..., n, n]. */
export function choleskyLogDet(l: TensorLike): tfjs.Tensor {
  return tfjs.tidy(() => {
    const logs = p.log(diagPart(l));
    return p.scale(p.sum(logs, [logs.rank - 1]), 2);
  });
}

/** X with L Lᵀ X = B, [..., n, m], from a Cholesky factor; batch dimensions broadcast. */
export function choleskySolve(l: TensorLike, rhs: TensorLike): tfjs.Tensor {
  return tfjs.tidy(() => {
    const factor = lift(l, 'float32');
    return triangularSolve(factor, triangularSolve(factor, rhs), { adjoint: true });
  });
}

/** (L Lᵀ)⁻¹ = L⁻ᵀ L⁻¹, [..., n, n]: symmetric in exact and in floating-point arithmetic. */
export function choleskyInverse(l: TensorLike): tfjs.Tensor {
  return tfjs.tidy(() => {
    const factor = lift(l, 'float32');
    const inverse = triangularSolve(factor, eye(factor.shape[factor.rank - 1]));
    return p.matMul(inverse, inverse, true, false);
  });
}

/** log det A, [...batch], of positive definite A, [..., n, n]; NaN for others. */
export function logdet(a: TensorLike): tfjs.Tensor {
  return tfjs.tidy(() => choleskyLogDet(cholesky(a)));
}

/** Sign and logarithm of |det A|, [...batch], of any square A; a singular matrix has sign 0 and −∞. */
export function slogdet(a: TensorLike): { readonly sign: tfjs.Tensor; readonly logAbsDet: tfjs.Tensor } {
  return tfjs.tidy(() => {
    const [sign, logAbsDet] = runKernelMulti('LogMatrixDeterminant', { input: lift(a, 'float32') });
    return { sign, logAbsDet };
  });
}

/** det A, [...batch]; overflows where `slogdet` does not. The gradient needs A⁻¹: NaN for a singular matrix. */
export function det(a: TensorLike): tfjs.Tensor {
  return tfjs.tidy(() => {
    const { sign, logAbsDet } = slogdet(a);
    return p.mul(sign, p.exp(logAbsDet));
  });
}

/** A⁻¹, [..., n, n], by elimination with partial pivoting; not finite for a singular matrix. */
export function inverse(a: TensorLike): tfjs.Tensor {
  return tfjs.tidy(() => {
    return runKernel('MatrixInverse', { input: lift(a, 'float32') });
  });
}
