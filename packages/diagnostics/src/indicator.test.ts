import { expectClose } from '@pyro-ts/testing';
import { centered, meanAutocovariance } from './autocorrelation';
import { indicatorAutocovariances } from './indicator';
import { mean, variance } from './moments';
import { rowAt } from './rows';

describe('indicatorAutocovariances', () => {
  it.each([
    [3, 33],
    [2, 500],
    [1, 64],
    [4, 1200],
  ])('are those of zeros and ones as numbers: %d chains of %d', (count, length) => {
    const values = Float64Array.from(
      { length: count * length },
      (_, i) => Math.sin(i * 0.3) + Math.sin(i * i),
    );
    const bound = 0.4;
    const rows = { values: values.map((x) => (x <= bound ? 1 : 0)), count, length };
    const means = Float64Array.from({ length: count }, (_, c) => mean(rowAt(rows, c)));
    const found = indicatorAutocovariances({ values, count, length }, bound);
    expectClose(found?.varianceOfMeans ?? NaN, variance(means), { abs: 1e-16 });
    const expected = meanAutocovariance(centered(rows, means));
    expectClose(
      [...expected.keys()].map((lag) => found?.at(lag) ?? NaN),
      expected,
      { abs: 1e-14 },
    );
  });

  it('there are none if all draws are on one side, but there are if whole chains are', () => {
    const rows = { values: Float64Array.of(1, 1, 1, 2, 2, 2), count: 2, length: 3 };
    expect([0, 2].map((bound) => indicatorAutocovariances(rows, bound))).toEqual([undefined, undefined]);
    expect(indicatorAutocovariances(rows, 1)?.at(0)).toBe(0);
  });
});
