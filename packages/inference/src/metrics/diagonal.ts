/** Diagonal mass matrix. */
import { McmcError } from '../errors';
import { regularizedVariance, welfordVariance } from '../adaptation/welford';
import { startEstimate, type DiagonalMetric, type MetricFamily } from './metric';

/** Metric with M⁻¹ = diag(inverseMass). */
export function diagonalMetric(inverseMass: Float64Array): DiagonalMetric {
  const momentumScale = inverseMass.map((x) => 1 / Math.sqrt(x));
  return {
    kind: 'diagonal',
    dim: inverseMass.length,
    inverseMassMatrix: inverseMass,
    saved: inverseMass,
    momentumScale,
    velocity(momentum, out) {
      for (let i = 0; i < out.length; i++) out[i] = inverseMass[i] * momentum[i];
    },
    sampleMomentum(random, out) {
      for (let i = 0; i < out.length; i++) out[i] = momentumScale[i] * random.normal();
    },
  };
}

/** Diagonal metrics of one dimension, estimated by Welford's variance with Stan's shrinkage. */
export function diagonalFamily(dim: number, regularize = true): MetricFamily {
  const welford = welfordVariance(dim);
  return {
    kind: 'diagonal',
    dim,
    isCheap: true,
    identity: diagonalMetric(new Float64Array(dim).fill(1)),
    from(inverseMass) {
      if (inverseMass.length !== dim || !inverseMass.every((x) => x > 0 && x < Infinity)) {
        throw new McmcError(
          `inverseMassMatrix: expected ${dim} positive numbers, got [${String(inverseMass)}].\n` +
            `  Fix: pass one variance for each unconstrained coordinate, or denseMass: true for a [${dim}, ${dim}] matrix.`,
        );
      }
      return diagonalMetric(Float64Array.from(inverseMass));
    },
    restore: (saved) => diagonalMetric(saved as Float64Array),
    estimator: (state) =>
      startEstimate(
        {
          ...welford,
          final: (state) => {
            const variance = welford.final(state);
            return diagonalMetric(regularize ? regularizedVariance(variance, state.count) : variance);
          },
        },
        state,
      ),
  };
}
