import { handlers, indexing, markov, plate, range, sample, scan } from '@pyro-ts/core';
import { Bernoulli, Categorical, HalfNormal, Normal } from '@pyro-ts/distributions';
import { lift, tf } from '@pyro-ts/ops';
import { expectClose } from '@pyro-ts/testing';
import { computeMarginals, inferDiscrete } from '.';
import { Predictive } from '../predictive';

const T = 5;
const [series, y] = [
  3,
  Array.from({ length: T }, (_, t) => [0.2, 1.4, -0.3].map((x) => x + Math.sin(3 * t))),
];
const transition = lift([[0.8, 0.2, 0], [0.1, 0.6, 0.3], [0, 0.5, 0.5]]); // prettier-ignore

/** A chain for each series, with a regime for each, noise that is common and a level that is drawn in each step. */
function step(t: string, z: tf.Tensor, x: tf.Tensor, regime: tf.Tensor): tf.Tensor {
  const level = sample(`level${t}`, Normal(0, 1));
  const state = sample(`z${t}`, Categorical(indexing.vindex(transition, [z, ':'])));
  const mean = tf.add(level, tf.mul(tf.cast(state, 'float32'), tf.add(tf.cast(regime, 'float32'), 0.5)));
  sample(`y${t}`, Normal(mean, 0.7), { obs: x });
  return state;
}

const inPlate = (body: (regime: tf.Tensor) => void) => (): void => {
  sample('scale', HalfNormal(1));
  plate('series', series, () => body(sample('regime', Bernoulli(0.4))));
};

const scanned = (reverse: boolean): (() => void) =>
  inPlate((regime) => {
    const body = (z: tf.Tensor, x: tf.Tensor) => [step('', z, x, regime), []] as const;
    scan(body, lift(0, 'int32'), lift(y), { reverse });
  });

const written = (reverse: boolean): (() => void) =>
  inPlate((regime) => {
    let z: tf.Tensor = lift(0, 'int32');
    for (const i of markov(range(T))) {
      const t = reverse ? T - 1 - i : i;
      z = step(`_${t}`, z, lift(y[t]), regime);
    }
  });

const levels = y.map((row) => row.map((x) => x / 4));
const data = {
  scale: 1,
  level: lift(levels),
  ...Object.fromEntries(levels.map((row, t) => [`level_${t}`, row])),
};

describe.each([false, true])('discrete sites in the body of a scan (reverse: %s)', (reverse) => {
  const [scan_, loop] = [scanned(reverse), written(reverse)].map((model) =>
    handlers.substitute(model, { data }),
  );

  it('have the most probable values of the loop, stacked over the steps', () => {
    const own = handlers.trace(inferDiscrete(scan_, { temperature: 0 })).getTrace();
    const expected = handlers.trace(inferDiscrete(loop, { temperature: 0 })).getTrace();
    expect(own.data('z')).toMatchObject({ shape: [T, series], dtype: 'int32' });
    expect([...own.data('z').data]).toEqual(range(T).flatMap((t) => [...expected.data(`z_${t}`).data]));
    expect(own.data('regime').data).toEqual(expected.data('regime').data);
    expectClose(own.logProbSum().dataSync(), expected.logProbSum().dataSync(), { rel: 1e-13 });
    const around = handlers.substitute(inferDiscrete(scanned(reverse), { temperature: 0 }), { data });
    expect(handlers.trace(around).getTrace().data('z')).toEqual(own.data('z'));
  });

  it('have its marginal probabilities (1e-12), and draws that have them (6 binomial sd: 1e-7 in all)', () => {
    const { z, regime } = computeMarginals(scan_)();
    const expected = computeMarginals(loop)();
    expect(z.shape).toEqual([T, series, 3]);
    expectClose(z.data, range(T).flatMap((t) => [...expected[`z_${t}`].data]), { rel: 1e-12, abs: 1e-14 }); // prettier-ignore
    expectClose(regime.data, expected['regime'].data, { rel: 1e-12 });
    const draws = 2000;
    const row = levels.flat();
    const posteriorSamples = {
      scale: { data: new Float64Array(draws).fill(1), shape: [draws], dtype: 'float32' },
      level: {
        data: Float64Array.from({ length: draws * row.length }, (_, i) => row[i % row.length]),
        shape: [draws, T, series],
        dtype: 'float32',
      },
    } as const;
    const { z: drawn } = Predictive(scanned(reverse), { posteriorSamples, seed: 3 })();
    expect(drawn.shape).toEqual([draws, T, series]);
    for (let i = 0; i < T * series; i++) {
      for (let k = 0; k < 3; k++) {
        const p = z.data[3 * i + k];
        const count = range(draws).filter((d) => drawn.data[d * T * series + i] === k).length;
        expect(Math.abs(count - draws * p)).toBeLessThan(6 * Math.sqrt(draws * p * (1 - p)) + 1e-9);
      }
    }
  });
});

describe('inferDiscrete refuses', () => {
  const body = (z: tf.Tensor, x: tf.Tensor) => {
    const state = sample('z', Categorical(indexing.vindex(transition, [z, ':'])));
    sample('y', Normal(tf.cast(state, 'float32'), 1), { obs: x });
    return [state, []] as const;
  };
  const run = (): void => void scan(body, lift(0, 'int32'), lift([1, 0, 2]));

  it('masks for the steps around a scan', () => {
    const masked = handlers.mask(run, { mask: lift([1, 0, 1], 'bool') });
    expect(() => inferDiscrete(masked)()).toThrow(/at site 'z': the mask around the scan has shape \[3\]/);
    expect(() => inferDiscrete(handlers.mask(run, { mask: lift(1, 'bool') }))()).not.toThrow();
  });
});
