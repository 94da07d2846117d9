/** Square matrices: triangular, symmetric, positive definite, correlations. */
import { cholesky, lift, tf } from '@pyro-ts/ops';
import { defineConstraint, type Constraint } from './constraint';
import { allLast, both, diagonalOf, identity, identityLike, isNumber, lowerMask, sumLast } from './parts';
import { sumTolerance } from './vector';

/** How far a matrix may be from symmetric, entry by entry: 1e-6, as in Pyro. */
export const symmetryTolerance = 1e-6;

const sizeOfMatrix = (x: tf.Tensor): number => x.shape[x.rank - 1];

const transpose = (x: tf.Tensor): tf.Tensor => {
  const axes = x.shape.map((_, i) => i);
  return tf.transpose(x, [...axes.slice(0, -2), x.rank - 1, x.rank - 2]);
};

const isSymmetric = (x: tf.Tensor): tf.Tensor =>
  allLast(tf.lessEqual(tf.abs(tf.sub(x, transpose(x))), lift(symmetryTolerance)), 2);

/** Zero above the given diagonal, NaN nowhere. */
function isLower(x: tf.Tensor): tf.Tensor {
  const upper = tf.sub(lift(1), lowerMask(sizeOfMatrix(x)));
  return both(allLast(tf.equal(tf.mul(x, upper), lift(0)), 2), allLast(isNumber(x), 2));
}

const hasPositiveDiagonal = (x: tf.Tensor): tf.Tensor => allLast(tf.greater(diagonalOf(x), lift(0)), 1);

const hasUnitDiagonal = (x: tf.Tensor): tf.Tensor =>
  allLast(tf.lessEqual(tf.abs(tf.sub(diagonalOf(x), lift(1))), lift(sumTolerance)), 1);

/** A Cholesky factor exists: its diagonal is NaN, or not positive, otherwise. */
const hasCholesky = (x: tf.Tensor): tf.Tensor => hasPositiveDiagonal(cholesky(x));

const matrices = (name: string, check: (x: tf.Tensor) => tf.Tensor): Constraint =>
  defineConstraint({ name, eventDim: 2, check, feasibleLike: identityLike });

/** Matrices with as many rows as columns. */
export const square = matrices('square', (x) =>
  tf.fill(x.shape.slice(0, -2), x.shape[x.rank - 1] === x.shape[x.rank - 2] ? 1 : 0, 'bool'),
);

/** |A − Aᵀ| ≤ 1e-6 in every entry. */
export const symmetric = matrices('symmetric', isSymmetric);

/** Zero above the diagonal. */
export const lowerTriangular = matrices('lowerTriangular', isLower);

/** Lower triangular with a positive diagonal. */
export const lowerCholesky = matrices('lowerCholesky', (x) => both(isLower(x), hasPositiveDiagonal(x)));

/** As `lowerCholesky`; its unconstrained form has softplus⁻¹ of the diagonal. */
export const softplusLowerCholesky = matrices('softplusLowerCholesky', (x) =>
  both(isLower(x), hasPositiveDiagonal(x)),
);

/** As `lowerCholesky`; its unconstrained form is scale · (unit lower triangular). */
export const scaledUnitLowerCholesky = matrices('scaledUnitLowerCholesky', (x) =>
  both(isLower(x), hasPositiveDiagonal(x)),
);

/** Lower triangular with ones (within 1e-6) on the diagonal. */
export const unitLowerCholesky = matrices('unitLowerCholesky', (x) => both(isLower(x), hasUnitDiagonal(x)));

/** Cholesky factors of correlation matrices: rows of length 1 within 1e-6, positive diagonal. */
export const corrCholesky = matrices('corrCholesky', (x) => {
  const lengths = tf.sqrt(sumLast(tf.square(x), 1));
  const unitRows = allLast(tf.lessEqual(tf.abs(tf.sub(lengths, lift(1))), lift(sumTolerance)), 1);
  return both(isLower(x), hasPositiveDiagonal(x), unitRows);
});

/** Symmetric (within 1e-6) matrices that have a Cholesky factor. */
export const positiveDefinite = matrices('positiveDefinite', (x) => both(isSymmetric(x), hasCholesky(x)));

/** Symmetric (within 1e-6) matrices without an eigenvalue below −1e-6 of the mean of the diagonal's magnitude. */
export const positiveSemidefinite = matrices('positiveSemidefinite', (x) => {
  const n = sizeOfMatrix(x);
  const magnitude = tf.expandDims(tf.expandDims(tf.mean(tf.abs(diagonalOf(x)), -1), -1), -1);
  const jitter = tf.maximum(tf.mul(magnitude, lift(1e-6)), lift(1e-300));
  return both(isSymmetric(x), hasCholesky(tf.add(x, tf.mul(jitter, identity(n)))));
});

/** Positive definite with ones (within 1e-6) on the diagonal. */
export const corrMatrix = matrices('corrMatrix', (x) =>
  both(isSymmetric(x), hasUnitDiagonal(x), hasCholesky(x)),
);
