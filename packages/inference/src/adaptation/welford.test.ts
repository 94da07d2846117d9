import { expectClose } from '@pyro-ts/testing';
import { regularizedCovariance, regularizedVariance, welfordCovariance, welfordVariance } from './welford';

const draws = Array.from({ length: 37 }, (_, i) =>
  Float64Array.of(1e6 + Math.sin(i), Math.cos(3 * i) + Math.sin(i), i % 5),
);

/** Covariance by definition. */
function covariance(i: number, j: number): number {
  const mean = (k: number): number => draws.reduce((sum, x) => sum + x[k], 0) / draws.length;
  const [a, b] = [mean(i), mean(j)];
  return draws.reduce((sum, x) => sum + (x[i] - a) * (x[j] - b), 0) / (draws.length - 1);
}

describe('Welford', () => {
  it('variance equals its definition, also far from zero', () => {
    const welford = welfordVariance(3);
    const state = draws.reduce((s, x) => welford.update(s, x), welford.init());
    expectClose(
      welford.final(state),
      [0, 1, 2].map((i) => covariance(i, i)),
      { rel: 1e-9 },
    );
    expect(state.count).toBe(37);
  });

  it('covariance equals its definition and is exactly symmetric', () => {
    const welford = welfordCovariance(3);
    const result = welford.final(draws.reduce((s, x) => welford.update(s, x), welford.init()));
    const pairs = [0, 1, 2].flatMap((i) => [0, 1, 2].map((j) => covariance(i, j)));
    expectClose(result, pairs, { abs: 1e-9 });
    expect([result[1], result[2], result[5]]).toEqual([result[3], result[6], result[7]]);
  });

  it('never changes a state it was given', () => {
    const welford = welfordCovariance(3);
    const once = welford.update(welford.init(), draws[0]);
    const before = structuredClone(once);
    welford.update(once, draws[1]);
    expect(once).toEqual(before);
  });

  it("shrinks as Stan does: 20 draws weigh 0.8, the prior's 10⁻³ weighs 0.2", () => {
    expectClose(regularizedVariance(Float64Array.of(2, 0), 20), [1.6002, 0.0002]);
    const dense = regularizedCovariance(Float64Array.of(2, 1, 1, 3), 20, 2);
    expectClose(dense, [1.6002, 0.8, 0.8, 2.4002]);
  });
});
