/** Symmetric matrices ↔ their Cholesky factors. */
import { cholesky, lift, tf } from '@pyro-ts/ops';
import {
  corrCholesky,
  corrMatrix,
  lowerCholesky,
  positiveDefinite,
  realMatrix,
  type Constraint,
} from '../constraints';
import { diagonalOf, sumLast } from '../constraints/parts';
import { LowerCholeskyTransform } from './lower-cholesky';
import { defineTransform, type Transform } from './transform';

const timesTranspose = (l: tf.Tensor): tf.Tensor => tf.matMul(l, l, false, true);

/** −(constant + Σᵢ weightᵢ log L_ii) */
function logDetOf(l: tf.Tensor, constant: number, weight: (i: number, n: number) => number): tf.Tensor {
  const n = l.shape[l.rank - 1];
  const weights = lift(Float64Array.from({ length: n }, (_, i) => weight(i, n)));
  return tf.neg(tf.add(lift(constant * n), sumLast(tf.mul(weights, tf.log(diagonalOf(l))), 1)));
}

const toFactor = (
  name: string,
  domain: Constraint,
  codomain: Constraint,
  logDet: (l: tf.Tensor) => tf.Tensor,
): Transform =>
  defineTransform({
    name,
    domain,
    codomain,
    forward: (x) => cholesky(x),
    backward: timesTranspose,
    logDet: (_, y) => logDet(y),
  });

/** Positive definite A → L with A = L Lᵀ. log|J| = −n log 2 − Σᵢ (n − i + 1) log L_ii, over the lower triangles. */
export const CholeskyTransform = (): Transform =>
  toFactor('CholeskyTransform', positiveDefinite, lowerCholesky, (l) =>
    logDetOf(l, Math.LN2, (i, n) => n - i),
  );

/** Correlation matrix → its factor. log|J| = −Σᵢ (n − i) log L_ii, over the strictly lower triangles. */
export const CorrMatrixCholeskyTransform = (): Transform =>
  toFactor('CorrMatrixCholeskyTransform', corrMatrix, corrCholesky, (l) =>
    logDetOf(l, 0, (i, n) => n - 1 - i),
  );

/** Any matrix → L Lᵀ, L its lower triangle with exp of the diagonal. Not a bijection; used by `transformTo`. */
export const PositiveDefiniteTransform = (): Transform => {
  const lower = LowerCholeskyTransform({ layout: 'matrix' });
  return defineTransform({
    name: 'PositiveDefiniteTransform',
    domain: realMatrix,
    codomain: positiveDefinite,
    forward: (x) => timesTranspose(lower.call(x)),
    backward: (y) => lower.inverse(cholesky(y)),
  });
};
