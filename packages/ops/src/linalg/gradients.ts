/**
 * Derivatives of factorisations and solves. All rules run differentiable kernels, so every order works. Formulas: Giles,
 * "Collected matrix derivative results" (2008); Murray, arXiv:1602.07527.
 */
import type * as tfjs from '@tensorflow/tfjs';
import type { GradientEntry } from '../gradients/row';
import * as p from '../gradients/primitives';
import { booleanAttr } from '../kernels/attrs';
import { runKernel } from '../kernels/run';
import { bandMask } from './band';

type T = tfjs.Tensor;

const transposed = (x: T): T => {
  const r = x.rank;
  return p.transpose(x, [...x.shape.map((_, i) => i).slice(0, -2), r - 1, r - 2]);
};

/** Zero outside of the triangle on the side of `lower`. */
const triangle = (x: T, lower: boolean): T =>
  p.keepWhere(
    bandMask(x.shape, (i, j) => (lower ? j <= i : j >= i)),
    x,
  );

/** Φ: the lower triangle with half of the diagonal. */
const halved = (x: T): T => {
  const lower = triangle(x, true);
  return p.select(
    bandMask(x.shape, (i, j) => i === j),
    p.scale(lower, 0.5),
    lower,
  );
};

const solve = (matrix: T, rhs: T, lower: boolean, adjoint: boolean): T =>
  runKernel('TriangularSolve', { matrix, rhs }, { lower, adjoint });

/** The matrix that X ↦ L⁻¹ X L⁻ᵀ takes a symmetric X to. */
const whitened = (l: T, x: T): T => solve(l, transposed(solve(l, x, true, false)), true, false);

/** d⟨W, CholeskyGrad(L, L̄)⟩ = ⟨L Φ(K), dL̄⟩ + ⟨L̄ Φ(K)ᵀ − L⁻ᵀ(S + Sᵀ)K, dL⟩, K = L⁻¹WL⁻ᵀ, S = Φ(Lᵀ L̄). */
function choleskySecond(w: T, l: T, grad: T): { l: () => T; grad: () => T } {
  const symmetric = p.scale(p.add(w, transposed(w)), 0.5);
  const k = whitened(l, symmetric);
  const y = halved(k);
  const given = triangle(grad, true);
  return {
    grad: () => triangle(p.matMul(l, y, false, false), true),
    l: () => {
      const s = halved(p.matMul(l, given, true, false));
      const both = p.matMul(p.add(s, transposed(s)), k, false, false);
      return triangle(p.sub(p.matMul(given, y, false, true), solve(l, both, true, true)), true);
    },
  };
}

export const linalgGradients = {
  Cholesky: {
    outputsToSave: [true],
    gradFunc: (dy, [l]) => ({ input: () => runKernel('CholeskyGrad', { l, grad: dy as T }) }),
  },
  CholeskyGrad: {
    inputsToSave: ['l', 'grad'],
    gradFunc: (w, [l, grad]) => choleskySecond(w as T, l, grad),
  },
  /** T X = B: B̄ = T⁻ᵀ X̄ and T̄ = −B̄ Xᵀ; with `adjoint` B̄ = T⁻¹ X̄ and T̄ = −X B̄ᵀ; both within the triangle read. */
  TriangularSolve: {
    inputsToSave: ['matrix', 'rhs'],
    outputsToSave: [true],
    gradFunc: (dy, [matrix, rhs, x], attrs) => {
      const lower = attrs['lower'] === undefined || booleanAttr(attrs, 'lower');
      const adjoint = booleanAttr(attrs, 'adjoint');
      const back = (): T => solve(matrix, dy as T, lower, !adjoint);
      return {
        rhs: () => p.sumTo(back(), rhs.shape),
        matrix: () => {
          const outer = adjoint ? p.matMul(x, back(), false, true) : p.matMul(back(), x, false, true);
          return p.sumTo(triangle(p.neg(outer), lower), matrix.shape);
        },
      };
    },
  },
  /** d log|det A| = ⟨A⁻ᵀ, dA⟩; the sign is constant. */
  LogMatrixDeterminant: {
    inputsToSave: ['input'],
    gradFunc: (dy, [a]) => ({
      input: () => {
        const inverse = transposed(runKernel('MatrixInverse', { input: a }));
        const log = (dy as T[])[1];
        return p.mul(p.reshape(log, [...log.shape, 1, 1]), inverse);
      },
    }),
  },
  /** Ā = −Yᵀ Ȳ Yᵀ for Y = A⁻¹. */
  MatrixInverse: {
    outputsToSave: [true],
    gradFunc: (dy, [y]) => ({
      input: () => p.neg(p.matMul(p.matMul(y, dy as T, true, false), y, false, true)),
    }),
  },
} satisfies Record<string, GradientEntry>;
