/** Low-rank-plus-diagonal mass matrix. */
import { McmcError } from '../errors';
import { dot } from '../integrators/dot';
import type { LowRankMetric } from './metric';

/** Most eigenvectors that a metric of a dimension keeps: where there are many coordinates, each costs much. */
export const maxRank = (dim: number): number => (dim <= 32 ? dim : 16);

/**
 * Metric with M⁻¹ = S (I + U (Λ − I) Uᵀ) S: a diagonal scale S, stretched by the eigenvalues Λ along the columns of U
 * (Seyboldt, Carlson & Carpenter 2024, section 3). Velocities and momenta cost O(rank · dim).
 * @param scale [dim], the diagonal of S, positive
 * @param vectors [rank] of [dim], orthonormal
 * @param values [rank], positive
 * @throws {McmcError} if sizes do not fit or there are more than `maxRank(dim)` vectors
 */
export function lowRankMetric(
  scale: Float64Array,
  vectors: readonly Float64Array[],
  values: Float64Array,
): LowRankMetric {
  const dim = scale.length;
  const fits = vectors.length === values.length && vectors.every((u) => u.length === dim);
  if (!fits || vectors.length > maxRank(dim)) {
    throw new McmcError(
      `low-rank metric: ${vectors.length} eigenvectors and ${values.length} eigenvalues for ${dim} coordinates.\n` +
        `  Fix: pass as many values as vectors, each of ${dim} numbers, at most ${maxRank(dim)} of them.`,
    );
  }
  const velocityFactors = values.map((value) => value - 1);
  const momentumFactors = values.map((value) => 1 / Math.sqrt(value) - 1);
  const before = new Float64Array(dim);
  /** x ← x + U diag(factors) Uᵀ x */
  const stretch = (x: Float64Array, factors: Float64Array): void => {
    before.set(x);
    for (let r = 0; r < vectors.length; r++) {
      const u = vectors[r];
      const factor = factors[r] * dot(u, before);
      for (let i = 0; i < dim; i++) x[i] += factor * u[i];
    }
  };
  return {
    kind: 'lowRank',
    dim,
    scale,
    vectors,
    saved: { scale, vectors, values },
    velocityFactors,
    momentumFactors,
    inverseMassMatrix: scale.map(
      (s, i) => s * s * vectors.reduce((sum, u, r) => sum + velocityFactors[r] * u[i] * u[i], 1),
    ),
    velocity(momentum, out) {
      for (let i = 0; i < dim; i++) out[i] = scale[i] * momentum[i];
      stretch(out, velocityFactors);
      for (let i = 0; i < dim; i++) out[i] *= scale[i];
    },
    sampleMomentum(random, out) {
      for (let i = 0; i < dim; i++) out[i] = random.normal();
      stretch(out, momentumFactors);
      for (let i = 0; i < dim; i++) out[i] /= scale[i];
    },
  };
}
