import { expectClose } from '@pyro-ts/testing';
import { autocovariance, lazyAutocovariance } from './autocorrelation';

describe('lazyAutocovariance', () => {
  it('gives what the transform gives, at lags that are summed and at lags that are transformed', () => {
    const chain = Float64Array.from({ length: 200 }, (_, i) => Math.sin(i * 0.1) + 0.3 * Math.sin(i * i));
    const all = autocovariance(chain);
    const at = lazyAutocovariance(chain);
    expectClose(
      [...all.keys()].map((lag) => at(lag)),
      all,
      { abs: 1e-14 },
    );
  });
});
