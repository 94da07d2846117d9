/** Dense mass matrix. */
import { McmcError } from '../errors';
import { regularizedCovariance, welfordCovariance } from '../adaptation/welford';
import { choleskyFactor, solveTransposed } from './cholesky';
import { startEstimate, type Metric, type MetricFamily } from './metric';

/**
 * Metric with M⁻¹ = inverseMass. With M⁻¹ = L Lᵀ, momenta are L⁻ᵀ z, whose covariance is (L Lᵀ)⁻¹ = M.
 * @param inverseMass [dim, dim] row-major, symmetric positive definite
 * @throws {McmcError} if it is not
 */
export function denseMetric(inverseMass: Float64Array): Metric {
  const dim = Math.round(Math.sqrt(inverseMass.length));
  const factor = dim * dim === inverseMass.length ? choleskyFactor(inverseMass, dim) : undefined;
  if (factor === undefined || !isSymmetric(inverseMass, dim)) {
    throw new McmcError(
      `inverseMassMatrix: not a symmetric positive definite square matrix (${inverseMass.length} numbers).\n` +
        '  Fix: pass a covariance matrix of the unconstrained coordinates, row by row.',
    );
  }
  return {
    kind: 'dense',
    dim,
    inverseMassMatrix: inverseMass,
    saved: inverseMass,
    factor,
    velocity(momentum, out) {
      for (let i = 0; i < dim; i++) {
        let sum = 0;
        for (let j = 0; j < dim; j++) sum += inverseMass[j * dim + i] * momentum[j];
        out[i] = sum;
      }
    },
    sampleMomentum(random, out) {
      for (let i = 0; i < dim; i++) out[i] = random.normal();
      solveTransposed(factor, dim, out);
    },
  };
}

function isSymmetric(a: Float64Array, n: number): boolean {
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) {
      const scale = Math.sqrt(a[i * n + i] * a[j * n + j]);
      if (!(Math.abs(a[i * n + j] - a[j * n + i]) <= 1e-12 * scale)) return false;
    }
  }
  return true;
}

/** The identity matrix, row-major. */
export function identityMatrix(dim: number): Float64Array {
  const matrix = new Float64Array(dim * dim);
  for (let i = 0; i < dim; i++) matrix[i * dim + i] = 1;
  return matrix;
}

/** Dense metrics of one dimension, estimated by Welford's covariance with Stan's shrinkage. */
export function denseFamily(dim: number, regularize = true): MetricFamily {
  const welford = welfordCovariance(dim);
  return {
    kind: 'dense',
    dim,
    isCheap: false,
    identity: denseMetric(identityMatrix(dim)),
    from(inverseMass) {
      if (inverseMass.length !== dim * dim) {
        throw new McmcError(
          `inverseMassMatrix: expected [${dim}, ${dim}], got ${inverseMass.length} numbers.\n` +
            '  Fix: pass a covariance matrix of the unconstrained coordinates, row by row.',
        );
      }
      return denseMetric(Float64Array.from(inverseMass));
    },
    restore: (saved) => denseMetric(saved as Float64Array),
    estimator: (state) =>
      startEstimate(
        {
          ...welford,
          final: (state) => {
            const covariance = welford.final(state);
            return denseMetric(regularize ? regularizedCovariance(covariance, state.count, dim) : covariance);
          },
        },
        state,
      ),
  };
}
