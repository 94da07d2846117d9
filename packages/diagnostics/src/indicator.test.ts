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
    const places = Int32Array.from(values.keys());
    for (const members of [
      places.filter((i) => values[i] <= bound),
      places.filter((i) => values[i] > bound),
    ]) {
      const found = indicatorAutocovariances(members, count, length);
      expectClose(found.varianceOfMeans, variance(means), { abs: 1e-16 });
      const expected = meanAutocovariance(centered(rows, means));
      expectClose([...expected.keys()].map(found.at), expected, { abs: 1e-14 });
    }
  });

  it('are 0 where whole chains are on one side', () => {
    const { at, varianceOfMeans } = indicatorAutocovariances(Int32Array.of(0, 1, 2), 2, 3);
    expect([at(0), at(1), varianceOfMeans]).toEqual([0, 0, 0.5]);
  });
});
