import { expectClose } from '@pyro-ts/testing';
import { randomSource } from '../random/random-source';
import { blockFamily } from './blocks';
import { denseFamily, denseMetric } from './dense';
import { diagonalFamily, diagonalMetric } from './diagonal';
import type { Metric, MetricFamily } from './metric';

// Σ = A Aᵀ + I of dimension 3.
const covariance = Float64Array.of(3, 1.5, 0.2, 1.5, 2, -0.4, 0.2, -0.4, 1.2);

function multiply(matrix: Float64Array, x: Float64Array): number[] {
  return Array.from(x, (_, i) => x.reduce((sum, v, j) => sum + matrix[i * x.length + j] * v, 0));
}

/** Empirical E[(M⁻¹p) pᵀ], which is the identity if momenta have covariance M. */
function whitened(metric: Metric, draws: number): Float64Array {
  const n = metric.dim;
  const [p, v, sum] = [new Float64Array(n), new Float64Array(n), new Float64Array(n * n)];
  for (let k = 0; k < draws; k++) {
    metric.sampleMomentum(randomSource([5, 6], 0, 'transition', k), p);
    metric.velocity(p, v);
    for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) sum[i * n + j] += (v[i] * p[j]) / draws;
  }
  return sum;
}

const families: [string, MetricFamily][] = [
  ['diagonal', diagonalFamily(3)],
  ['dense', denseFamily(3)],
  ['blocks', blockFamily(3, [[0, 2]])],
];

describe.each(families)('%s metric', (kind, family) => {
  it('starts as the identity', () => {
    const p = Float64Array.of(1, -2, 3);
    const v = new Float64Array(3);
    family.identity.velocity(p, v);
    expect(v).toEqual(p);
    expect(family.identity.kind).toBe(kind);
  });

  it('draws momenta with covariance M (20,000 draws, 5 sd)', () => {
    const metric = family.from(kind === 'diagonal' ? Float64Array.of(3, 2, 0.1) : covariance);
    // Var of v_i p_j is at most (1 + κ) with κ the condition number of the pair; 3 covers these.
    expectClose(whitened(metric, 20_000), [1, 0, 0, 0, 1, 0, 0, 0, 1], { abs: 5 * Math.sqrt(3 / 20_000) });
  });

  it('estimates M⁻¹ from draws, shrunk', () => {
    const random = randomSource([1, 2], 3, 'transition', 0);
    let estimate = family.estimator();
    for (let i = 0; i < 50; i++)
      estimate = estimate.add(Float64Array.of(random.normal(), random.normal(), 2), new Float64Array(3));
    const matrix = estimate.metric().inverseMassMatrix;
    // The third coordinate is constant: only the prior's share 10⁻³ · 5/55 is left.
    expectClose(matrix[matrix.length - 1], (1e-3 * 5) / 55, { rel: 1e-12 });
    expect(matrix[0]).toBeGreaterThan(0.4);
    expect(matrix[0]).toBeLessThan(1.8);
  });
});

describe('structured metrics', () => {
  it('dense velocity is the matrix product', () => {
    const p = Float64Array.of(0.3, -1, 2);
    const v = new Float64Array(3);
    denseMetric(covariance).velocity(p, v);
    expectClose(v, multiply(covariance, p));
  });

  it('blocks keep the covariance inside a block and drop it outside', () => {
    const kept = blockFamily(3, [[0, 2]]).from(covariance).inverseMassMatrix;
    expect([...kept]).toEqual([3, 0, 0.2, 0, 2, 0, 0.2, 0, 1.2]);
  });

  it('one block of everything is the dense metric, bit for bit', () => {
    const [block, dense] = [blockFamily(3, [[0, 1, 2]]).from(covariance), denseMetric(covariance)];
    const momentum = (metric: Metric): Float64Array => {
      const p = new Float64Array(3);
      metric.sampleMomentum(randomSource([1, 1], 0, 'transition', 0), p);
      return p;
    };
    expect(momentum(block)).toEqual(momentum(dense));
    expect(block.inverseMassMatrix).toEqual(dense.inverseMassMatrix);
  });

  it('rejects what is no covariance, saying what to pass', () => {
    expect(() => denseMetric(Float64Array.of(1, 2, 2, 1))).toThrow(
      /positive definite.*\n.*Fix: pass a covariance/,
    );
    expect(() => denseMetric(Float64Array.of(1, 0.5, 0, 1))).toThrow(/symmetric/);
    expect(() => denseMetric(Float64Array.of(1, 2, 3))).toThrow(/square/);
    expect(() => diagonalFamily(2).from(Float64Array.of(1, -1))).toThrow(/positive numbers/);
    expect(() => denseFamily(2).from(Float64Array.of(1, 1))).toThrow(/\[2, 2\]/);
    expect(() =>
      blockFamily(3, [
        [0, 1],
        [1, 2],
      ]),
    ).toThrow(/coordinate 1 is in two blocks/);
  });

  it('a diagonal metric scales', () => {
    const v = new Float64Array(2);
    diagonalMetric(Float64Array.of(2, 0.5)).velocity(Float64Array.of(1, 4), v);
    expect([...v]).toEqual([2, 2]);
  });
});
