/** Laws of plates, on random data. */
import { Normal } from '@pyro-ts/distributions';
import { tf } from '@pyro-ts/ops';
import { expectClose } from '@pyro-ts/testing';
import fc from 'fast-check';
import { handlers, plate, sample, subsample } from '../src';

const density = (model: () => unknown): number =>
  tf.tidy(
    () =>
      handlers
        .trace(handlers.seed(model, { seed: 0 }))
        .getTrace()
        .logProbSum()
        .dataSync()[0],
  );

const values = fc.array(fc.double({ min: -3, max: 3, noNaN: true }), { minLength: 2, maxLength: 5 });
const options = { numRuns: 30, seed: 1997 };

/** All ways to choose k of n, as lists of indices. */
function subsets(n: number, k: number, from = 0): number[][] {
  if (k === 0) return [[]];
  return Array.from({ length: n - from }, (_, i) => from + i).flatMap((first) =>
    subsets(n, k - 1, first + 1).map((rest) => [first, ...rest]),
  );
}

describe('laws of plates', () => {
  it('a loop, a plate and an event dim give one density', () => {
    fc.assert(
      fc.property(values, (y) => {
        const n = y.length;
        const loop = density(() => {
          for (const i of plate('data', n)) sample(`y_${i}`, Normal(0.5, 2), { obs: y[i] });
        });
        const vectorised = density(() => plate('data', n, () => sample('y', Normal(0.5, 2), { obs: y })));
        const event = density(() => sample('y', Normal(0.5, 2).expand([n]).toEvent(1), { obs: y }));
        expectClose([loop, vectorised], [event, event]);
      }),
      options,
    );
  });

  it('the mean density over all minibatches is the density of the whole', () => {
    fc.assert(
      fc.property(values, fc.nat(10), (y, r) => {
        const n = y.length;
        const size = 1 + (r % n);
        const batches = subsets(n, size).map((index) =>
          density(() =>
            plate('data', { size: n, subsample: index }, () =>
              sample('y', Normal(0, 1), { obs: subsample(y) }),
            ),
          ),
        );
        const whole = density(() => plate('data', n, () => sample('y', Normal(0, 1), { obs: y })));
        expectClose(batches.reduce((a, b) => a + b) / batches.length, whole, { rel: 1e-12 });
      }),
      options,
    );
  });

  it('nested plates may be opened in either order, given their dims', () => {
    const rows = { size: 2, dim: -2 };
    const columns = { size: 3, dim: -1 };
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -3, max: 3, noNaN: true }), { minLength: 6, maxLength: 6 }),
        (y) => {
          const obs = [y.slice(0, 3), y.slice(3)];
          const cell = (): tf.Tensor => sample('y', Normal(0, 1), { obs });
          const a = density(() => plate('rows', rows, () => plate('columns', columns, cell)));
          const b = density(() => plate('columns', columns, () => plate('rows', rows, cell)));
          expectClose(a, b);
        },
      ),
      options,
    );
  });
});
