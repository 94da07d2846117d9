import {
  chiSquareTail,
  expectCounts,
  expectDistribution,
  expectMean,
  kolmogorovTail,
} from './goodness-of-fit';

describe('goodness of fit', () => {
  const grid = Array.from({ length: 1000 }, (_, i) => (i + 0.5) / 1000);

  it('gives the tabulated tail probabilities of the Kolmogorov and chi-square distributions', () => {
    expect(kolmogorovTail(1.3581 / Math.sqrt(1e8), 1e8)).toBeCloseTo(0.05, 4);
    expect(kolmogorovTail(1.6276 / Math.sqrt(1e8), 1e8)).toBeCloseTo(0.01, 4);
    expect(chiSquareTail(3.841458820694124, 1)).toBeCloseTo(0.05, 6);
    expect(chiSquareTail(5.991464547107979, 2)).toBeCloseTo(0.05, 10);
    expect(chiSquareTail(16.91897760462045, 9)).toBeCloseTo(0.05, 6);
    expect(chiSquareTail(18.307038053275146, 10)).toBeCloseTo(0.05, 10);
  });

  it('accepts what fits and rejects a shift of a tenth of a standard deviation', () => {
    expectDistribution(grid, (x) => x);
    expect(() => expectDistribution(grid, (x) => x ** 1.3)).toThrow(/Kolmogorov distance/);
    expectMean(grid, 0.5, 0.2887);
    expect(() => expectMean(grid, 0.55, 0.2887)).toThrow(/standard errors/);
  });

  it('rejects wrong frequencies, impossible outcomes and NaN', () => {
    const outcomes = grid.map((u) => Math.floor(u * 4));
    expectCounts(outcomes, [0.25, 0.25, 0.25, 0.25]);
    expect(() => expectCounts(outcomes, [0.33, 0.17, 0.25, 0.25])).toThrow(/chi-square/);
    expect(() => expectCounts(outcomes, [0.5, 0, 0.25, 0.25])).toThrow(/probability 0/);
    expect(() => expectDistribution([NaN, 0.5], (x) => x)).toThrow();
    expect(() => expectMean([NaN], 0, 1)).toThrow();
  });
});
