import { expectClose } from '@pyro-ts/testing';
import { autocovariance, centered, lazyAutocovariance, meanAutocovariance } from './autocorrelation';
import { mean } from './moments';
import { rowAt, type Rows } from './rows';

const wave = (count: number, length: number): Rows => {
  const values = Float64Array.from(
    { length: count * length },
    (_, i) => Math.sin(i * 0.1) + 0.3 * Math.sin(i * i),
  );
  const rows = { values, count, length };
  return centered(
    rows,
    Float64Array.from({ length: count }, (_, c) => mean(rowAt(rows, c))),
  );
};

/** By the definition. */
const covarianceAt = (chain: Float64Array, lag: number): number =>
  chain.reduce((sum, x, i) => sum + (i < lag ? 0 : x * chain[i - lag]), 0) / chain.length;

describe('meanAutocovariance', () => {
  it.each([1, 2, 3])('is the mean of the sums of products of %d rows', (count) => {
    const rows = wave(count, 100);
    const expected = [...Array(100).keys()].map((lag) =>
      mean([...Array(count).keys()].map((c) => covarianceAt(rowAt(rows, c), lag))),
    );
    expectClose(meanAutocovariance(rows), expected, { abs: 1e-14 });
  });

  it('of one row is its autocovariance', () => {
    const rows = wave(1, 90);
    expectClose(autocovariance(rows.values), meanAutocovariance(rows), { abs: 1e-14 });
  });
});

describe('lazyAutocovariance', () => {
  it('gives what the transform gives, at lags that are summed and at lags that are transformed', () => {
    const rows = wave(3, 200);
    const all = meanAutocovariance(rows);
    const at = lazyAutocovariance(rows);
    expectClose(
      [...all.keys()].map((lag) => at(lag)),
      all,
      { abs: 1e-14 },
    );
  });
});
