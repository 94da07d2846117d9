import { expectClose } from '@pyro-ts/testing';
import { randomSource } from '../random/random-source';
import { denseMetric } from './dense';
import { gradientDiagonalFamily } from './gradient-diagonal';
import { lowRankMetric, maxRank } from './low-rank';
import { lowRankEstimate } from './low-rank-estimate';
import { lowRankFamily } from './low-rank-family';
import type { LowRankMetric, Metric } from './metric';

/** M⁻¹ column by column, [dim, dim]. */
function inverseMass(metric: Metric): Float64Array {
  const { dim } = metric;
  const matrix = new Float64Array(dim * dim);
  for (let j = 0; j < dim; j++) {
    const unit = new Float64Array(dim);
    unit[j] = 1;
    const column = new Float64Array(dim);
    metric.velocity(unit, column);
    for (let i = 0; i < dim; i++) matrix[i * dim + j] = column[i];
  }
  return matrix;
}

const lowRankOf = (metric: Metric): LowRankMetric => {
  if (metric.kind !== 'lowRank') throw new Error(`a ${metric.kind} metric`);
  return metric;
};

describe('a low-rank metric', () => {
  const half = Math.SQRT1_2;
  const metric = lowRankMetric(
    Float64Array.of(1, 2, 0.5),
    [Float64Array.of(half, half, 0), Float64Array.of(0, 0, 1)],
    Float64Array.of(9, 0.25),
  );

  it('is S (I + U (Λ − I) Uᵀ) S, and gives its diagonal', () => {
    // Λ on the first two coordinates: 1 + 8/2 on the diagonal, 8/2 beside it.
    expectClose(inverseMass(metric), [5, 8, 0, 8, 20, 0, 0, 0, 0.0625], { abs: 1e-14 });
    expectClose(metric.inverseMassMatrix, [5, 20, 0.0625], { rel: 1e-14 });
  });

  it('draws momenta whose covariance is M: pᵀ M⁻¹ p is the sum of squares of the normals', () => {
    const [p, v] = [new Float64Array(3), new Float64Array(3)];
    for (let i = 0; i < 20; i++) {
      metric.sampleMomentum(randomSource([1, 2], 0, 'transition', i), p);
      metric.velocity(p, v);
      const random = randomSource([1, 2], 0, 'transition', i);
      const squares = [0, 0, 0].reduce((sum) => sum + random.normal() ** 2, 0);
      expectClose(p[0] * v[0] + p[1] * v[1] + p[2] * v[2], squares, { rel: 1e-13 });
    }
  });

  it('refuses vectors that do not fit', () => {
    const one = Float64Array.of(1, 1);
    expect(() => lowRankMetric(one, [Float64Array.of(1)], Float64Array.of(2))).toThrow(/each of 2 numbers/);
    expect(() => lowRankMetric(one, [], Float64Array.of(2))).toThrow(/0 eigenvectors and 1 eigenvalues/);
  });

  it('is the same, bit for bit, when restored from what it saves', () => {
    const restored = lowRankFamily(3).restore(structuredClone(metric.saved));
    expect(inverseMass(restored)).toEqual(inverseMass(metric));
  });
});

/** Draws of a normal with a covariance, and the gradients of its log density there: exact in any number. */
function normalDraws(covariance: Float64Array, dim: number, count: number): [Float64Array[], Float64Array[]] {
  // Momenta of the metric with M⁻¹ = covariance have the inverse covariance, and covariance · momentum is a draw.
  const metric = denseMetric(covariance);
  const random = randomSource([5, dim], 0, 'start', count);
  const gradients = Array.from({ length: count }, () => {
    const p = new Float64Array(dim);
    metric.sampleMomentum(random, p);
    return p;
  });
  const draws = gradients.map((p) => {
    const q = new Float64Array(dim);
    metric.velocity(p, q);
    return q.map((x) => -x);
  });
  return [draws, gradients];
}

const chainCovariance = (dim: number, correlation: number): Float64Array =>
  Float64Array.from({ length: dim * dim }, (_, k) => {
    const [i, j] = [Math.floor(k / dim), k % dim];
    return (1 + i) * (1 + j) * correlation ** Math.abs(i - j);
  });

describe('estimates from draws and gradients', () => {
  it('a diagonal one finds the scales of independent normals exactly, from three draws', () => {
    const [draws, gradients] = normalDraws(Float64Array.of(1e-4, 0, 0, 25), 2, 3);
    let estimate = gradientDiagonalFamily(2).estimator();
    draws.forEach((q, i) => (estimate = estimate.add(q, gradients[i])));
    expectClose(estimate.metric().inverseMassMatrix, [1e-4, 25], { rel: 1e-12 });
  });

  it('a coordinate without spread, or with gradients that are no numbers, keeps the scale 1', () => {
    let estimate = gradientDiagonalFamily(3).estimator();
    for (const x of [1, 2, 4]) estimate = estimate.add(Float64Array.of(0, x, x), Float64Array.of(x, 0, NaN));
    expect([...estimate.metric().inverseMassMatrix]).toEqual([1, 1, 1]);
  });

  it('a low-rank one finds the covariance of a correlated normal from a few more draws than coordinates', () => {
    const dim = 5;
    const covariance = chainCovariance(dim, 0.99);
    const found = inverseMass(lowRankEstimate(...normalDraws(covariance, dim, 2 * dim)));
    // Eigenvalues (of the scaled covariance) between ½ and 2 are taken for 1.
    for (let i = 0; i < dim; i++) {
      for (let j = 0; j < dim; j++) {
        const scale = Math.sqrt(covariance[i * dim + i] * covariance[j * dim + j]);
        expect(Math.abs(found[i * dim + j] - covariance[i * dim + j]) / scale).toBeLessThan(0.05);
      }
    }
  });

  it('in many dimensions it keeps the leading directions, orthonormal, no more than allowed', () => {
    const dim = 60;
    const [draws, gradients] = normalDraws(chainCovariance(dim, 0.98), dim, 90);
    const { vectors } = lowRankOf(lowRankEstimate(draws, gradients));
    expect(vectors.length).toBeGreaterThan(3);
    expect(vectors.length).toBeLessThanOrEqual(maxRank(dim));
    vectors.forEach((u, r) =>
      vectors.forEach((w, s) => {
        const along = u.reduce((sum, x, i) => sum + x * w[i], 0);
        expect(Math.abs(along - Number(r === s))).toBeLessThan(1e-10);
      }),
    );
  });

  it('is a plain diagonal if no direction stands out', () => {
    const metric = lowRankEstimate(...normalDraws(chainCovariance(4, 0.2), 4, 60));
    expect(metric.kind).toBe('diagonal');
    expect(metric.isFarFromNormal).toBeUndefined();
    expectClose(inverseMass(lowRankFamily(4).restore(structuredClone(metric.saved))), inverseMass(metric), {
      rel: 1e-15,
    });
  });

  it('leaves directions out, and says so, where draws are far from normal in all of them', () => {
    const dim = 4;
    const [draws, gradients] = normalDraws(chainCovariance(dim, 0.95), dim, 80);
    // Narrow and wide places: the slopes of half the draws are those of a density as much narrower as the others' is wider.
    const scaled = (ratio: number): [Float64Array[], Float64Array[]] => {
      const factor = (i: number): number => (i % 4 < 2 ? ratio : 1 / ratio);
      return [
        draws.map((q, i) => q.map((x) => x * factor(i))),
        gradients.map((p, i) => p.map((x) => x / factor(i))),
      ];
    };
    expect(lowRankEstimate(...scaled(1)).kind).toBe('lowRank');
    expect(lowRankEstimate(...scaled(1.2)).kind).toBe('lowRank');
    // Var q · Var ∂ log p is (r² + r⁻²)²/4 of that of a normal: 21 times where r = 3.
    const far = lowRankEstimate(...scaled(3));
    expect(far.kind).toBe('diagonal');
    expect(far.isFarFromNormal).toBe(true);
  });

  it('is a positive metric even from two draws', () => {
    const metric = lowRankEstimate(...normalDraws(chainCovariance(4, 0.9999), 4, 2));
    expect(metric.inverseMassMatrix.every((variance) => variance > 0 && variance < Infinity)).toBe(true);
    if (metric.kind === 'lowRank') {
      expect(metric.velocityFactors.every((factor) => factor > -1 && factor < Infinity)).toBe(true);
    }
  });
});
