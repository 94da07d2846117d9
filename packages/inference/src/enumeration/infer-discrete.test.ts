import { factor, handlers, indexing, markov, param, plate, range, sample } from '@pyro-ts/core';
import {
  Bernoulli,
  Categorical,
  HalfNormal,
  Normal,
  OneHotCategorical,
  Poisson,
  Uniform,
} from '@pyro-ts/distributions';
import { lift, tf, type NdArray } from '@pyro-ts/ops';
import { expectClose } from '@pyro-ts/testing';
import { computeMarginals, inferDiscrete } from '.';
import { Predictive } from '../predictive';

const y = [-2.1, 1.8, 0.1, 2.3, -1.7];

const mixture = (): void => {
  const mu = sample('mu', Normal(0, 1));
  plate('data', y.length, () => {
    const z = sample('z', Categorical([0.3, 0.7]));
    sample('y', Normal(tf.add(mu, indexing.vindex([-2, 2], [z])), 1), { obs: y });
  });
};
const withMu = handlers.substitute(mixture, { data: { mu: 0.2 } });

/** P(z = 1 | y, mu), by Bayes' rule. */
const responsibility = (value: number, mu: number): number => {
  const odds = (0.7 / 0.3) * Math.exp((-((value - mu - 2) ** 2) + (value - mu + 2) ** 2) / 2);
  return odds / (1 + odds);
};

const valuesOf = (model: () => unknown, seed = 0): Record<string, NdArray> => {
  const found = handlers.trace(handlers.seed(model, { seed })).getTrace();
  return Object.fromEntries(found.latentSites.map(({ name }) => [name, found.data(name)]));
};

describe('inferDiscrete', () => {
  it('has each site once in a trace, with values from handlers inside as from those around', () => {
    const inside = handlers.trace(inferDiscrete(withMu, { temperature: 0 })).getTrace();
    const around = handlers
      .trace(handlers.substitute(inferDiscrete(mixture, { temperature: 0 }), { data: { mu: 0.2 } }))
      .getTrace();
    for (const found of [inside, around]) {
      expect([...found.sites.keys()]).toEqual(['mu', 'data', 'z', 'y']);
      expect(found.data('z')).toEqual({ data: Int32Array.of(0, 1, 1, 1, 0), shape: [5], dtype: 'int32' });
    }
    expect(around.logProbSum()).toBeDefined();
  });

  it('takes its randomness from seed: the same values for the same key, others for another', () => {
    const flat = (): void => plate('data', 64, () => void sample('z', Bernoulli(0.5)));
    const [a, again, b] = [1, 1, 2].map((seed) => valuesOf(inferDiscrete(flat), seed)['z'].data);
    expect(again).toEqual(a);
    expect(b).not.toEqual(a);
  });

  it('leaves alone what a handler around gives, and infers the rest given that', () => {
    const chain = (): void => {
      const a = sample('a', Bernoulli(0.5));
      sample('b', Bernoulli({ probs: indexing.vindex([0.01, 0.99], [a]) }));
    };
    for (const b of [0, 1]) {
      const given = handlers.substitute(inferDiscrete(chain, { temperature: 0 }), { data: { b } });
      const { a, b: kept } = valuesOf(given);
      expect([a.data[0], kept.data[0]]).toEqual([b, b]);
    }
    const blocked = handlers.block(inferDiscrete(withMu, { temperature: 0 }), { hide: ['z'] });
    expect([...handlers.trace(blocked).getTrace().sites.keys()]).toEqual(['mu', 'data', 'y']);
  });

  it('infers inside of a larger model, in its plates', () => {
    const whole = (): void => {
      plate('outer', 3, () => {
        const prior = lift([0.1, 0.5, 0.9]);
        inferDiscrete(() => sample('z', Bernoulli(prior)), { temperature: 0 })();
      });
      sample('mu', Normal(0, 1));
    };
    const found = handlers.trace(handlers.seed(whole, { seed: 0 })).getTrace();
    expect([...found.sites.keys()]).toEqual(['outer', 'z', 'mu']);
    expect(found.data('z')).toEqual({ data: Int32Array.of(0, 0, 1), shape: [3], dtype: 'int32' });
  });

  it('keeps the subsample of a plate, and gives one-hot sites their event shape', () => {
    const subsampled = (): tf.Tensor =>
      plate('data', { size: 100, subsampleSize: 3 }, (indices) => {
        const z = sample('z', OneHotCategorical([0.2, 0.3, 0.5]));
        const loc = tf.sum(tf.mul(z, lift([0, 100, 200])), -1);
        sample('y', Normal(loc, 1), { obs: tf.mul(tf.cast(tf.mod(indices, 3), 'float32'), 100) });
        return indices;
      });
    const found = handlers
      .trace(handlers.seed(inferDiscrete(subsampled, { temperature: 0 }), { seed: 3 }))
      .getTrace();
    const indices = [...found.data('data').data];
    expectClose(
      found.data('z').data,
      indices.flatMap((i) => [0, 1, 2].map((k) => Number(i % 3 === k))),
    );
  });

  it('decodes a chain of 60 states with impossible transitions as the textbook recursion does', () => {
    const T = 60;
    const transition = [[0.9, 0.1, 0], [0, 0.8, 0.2], [0.3, 0, 0.7]]; // prettier-ignore
    const obs = Array.from({ length: T }, (_, t) => 1.2 * Math.sin(1 + t * t));
    const model = (): void => {
      let z: tf.Tensor = lift(0, 'int32');
      for (const t of markov(range(T))) {
        z = sample(`z${t}`, Categorical(indexing.vindex(transition, [z, ':'])));
        sample(`y${t}`, Normal(tf.cast(z, 'float32'), 0.8), { obs: obs[t] });
      }
    };
    const score = (t: number, k: number): number => -0.5 * ((obs[t] - k) / 0.8) ** 2;
    let best = transition[0].map((p, k) => Math.log(p) + score(0, k));
    const back: number[][] = [];
    for (let t = 1; t < T; t++) {
      const from = best;
      const via = [0, 1, 2].map((k) => from.map((x, j) => x + Math.log(transition[j][k])));
      back.push(via.map((row) => row.indexOf(Math.max(...row))));
      best = via.map((row, k) => Math.max(...row) + score(t, k));
    }
    const path = [best.indexOf(Math.max(...best))];
    for (const row of back.reverse()) path.unshift(row[path[0]]);
    const found = valuesOf(inferDiscrete(model, { temperature: 0 }));
    expect(range(T).map((t) => found[`z${t}`].data[0])).toEqual(path);
    const drawn = valuesOf(inferDiscrete(model), 4);
    const states = range(T).map((t) => drawn[`z${t}`].data[0]);
    states.slice(1).forEach((k, t) => expect(transition[states[t]][k]).toBeGreaterThan(0));
  });

  it('uses parameters, leaves no tensor behind in a trace', () => {
    const model = (): void => {
      const p = param('p', 0.9);
      sample('z', Bernoulli({ probs: p }));
    };
    valuesOf(inferDiscrete(model));
    const before = tf.memory().numTensors;
    valuesOf(inferDiscrete(model));
    valuesOf(inferDiscrete(withMu));
    expect(tf.memory().numTensors).toBe(before);
  });

  it.each<[string, () => unknown, RegExp]>([
    [
      'a temperature between',
      () => inferDiscrete(mixture, { temperature: 0.5 as 1 }),
      /temperature is 0\.5(.|\n)*pass 1 for draws/,
    ],
    [
      'a continuous site without a value',
      () => valuesOf(inferDiscrete(mixture)),
      /at site 'mu': the site is latent, nothing gives it a value(.|\n)*handlers\.substitute/,
    ],
    [
      'a site with infinitely many values',
      () => valuesOf(inferDiscrete(() => sample('n', Poisson(3)))),
      /at site 'n': .*Poisson(.|\n)*truncate it/,
    ],
    [
      'models without discrete sites',
      () => valuesOf(inferDiscrete(() => sample('y', Normal(0, 1), { obs: 1 }))),
      /no discrete latent site without a value/,
    ],
    [
      'impossible observations',
      () =>
        valuesOf(
          inferDiscrete(() => {
            const z = sample('z', Bernoulli(0.5));
            factor('never', tf.sub(tf.mul(tf.cast(z, 'float32'), 0), Infinity));
          }),
        ),
      /at site 'z': the density is 0 or NaN for every value(.|\n)*'never'/,
    ],
    [
      'marks for guides',
      () =>
        valuesOf(inferDiscrete(() => sample('z', Bernoulli(0.5), { infer: { enumerate: 'sequential' } }))),
      /at site 'z': .*'sequential'/,
    ],
  ])('refuses %s', (_, run, message) => {
    expect(run).toThrow(message);
  });
});

describe('computeMarginals', () => {
  it("are those of Bayes' rule, for every posterior draw, few or many", () => {
    expectClose(
      computeMarginals(withMu)()['z'].data,
      y.flatMap((value) => [1 - responsibility(value, 0.2), responsibility(value, 0.2)]),
    );
    for (const draws of [3, 40]) {
      const mus = Array.from({ length: draws }, (_, i) => Math.sin(i));
      const posteriorSamples = {
        mu: { data: Float64Array.from(mus), shape: [draws], dtype: 'float32' },
      } as const;
      const { z } = computeMarginals(mixture, { posteriorSamples })();
      expect(z.shape).toEqual([draws, 5, 2]);
      expectClose(
        z.data,
        mus.flatMap((mu) => y.flatMap((v) => [1 - responsibility(v, mu), responsibility(v, mu)])),
        { rel: 1e-12, abs: 1e-15 },
      );
    }
  });

  it('gives a site with a single value probability 1', () => {
    const model = (): void => void plate('data', 2, () => sample('z', Categorical([1])));
    expect(computeMarginals(model)()['z']).toMatchObject({ data: Float64Array.of(1, 1), shape: [2, 1] });
    expect(valuesOf(inferDiscrete(model))['z']).toMatchObject({ data: Int32Array.of(0, 0), shape: [2] });
  });
});

describe('draws of the other sites at which no value is possible', () => {
  const model = (): void => {
    const h = sample('h', HalfNormal(1));
    const z = sample('z', Bernoulli(0.5));
    sample('y', Uniform(0, tf.mul(h, tf.add(z, 1))), { obs: 2 });
  };
  const draws = 20;
  const h = { data: new Float64Array(draws).fill(3).fill(0.5, 7), shape: [draws], dtype: 'float32' } as const;

  it('are errors that name the site, also in a program', () => {
    expect(() => Predictive(model, { posteriorSamples: { h }, seed: 1 })()).toThrow(
      /at site 'z': the density is 0 or NaN for every value/,
    );
    expect(() => computeMarginals(model, { posteriorSamples: { h } })()).toThrow(/at site 'z': .* at draw 7/);
  });
});

describe('Predictive', () => {
  const draws = 4000;
  const posteriorSamples = {
    mu: { data: new Float64Array(draws).fill(0.2), shape: [draws], dtype: 'float32' },
  } as const;

  it('draws discrete sites from their posterior where the rest is given (5 binomial sd: 3e-6 in all)', () => {
    const { z, ...rest } = Predictive(mixture, { posteriorSamples, seed: 1, returnSites: ['z'] })();
    expect(rest).toEqual({});
    expect([z.shape, z.dtype]).toEqual([[draws, 5], 'int32']);
    y.forEach((value, i) => {
      const p = responsibility(value, 0.2);
      const mean = Array.from({ length: draws }, (_, d) => z.data[5 * d + i]).reduce((a, b) => a + b) / draws;
      expect(Math.abs(mean - p)).toBeLessThan(5 * Math.sqrt((p * (1 - p)) / draws) + 1e-12);
    });
  });

  it('gives the same draws one by one and as a program', () => {
    const few = { mu: { ...posteriorSamples.mu, data: new Float64Array(5).fill(0.2), shape: [5] } };
    const a = Predictive(mixture, { posteriorSamples: few, seed: 1 })()['z'];
    const b = Predictive(mixture, { posteriorSamples, seed: 1 })()['z'];
    expect(b.data.slice(0, 25)).toEqual(a.data);
  });

  it('does so where a guide gives the rest', () => {
    const guide = (): void => void sample('mu', Normal(0.2, 1e-9));
    const { z } = Predictive(mixture, { guide, numSamples: 200, seed: 1 })();
    const first = Array.from({ length: 200 }, (_, draw) => z.data[5 * draw]);
    // P(z = 1) is 2e-4 for the first point, 0.7 in the prior.
    expect(first.reduce((a, b) => a + b)).toBeLessThan(10);
  });

  it('draws them forward without observations, or if told to', () => {
    for (const z of [
      Predictive(handlers.uncondition(mixture), { posteriorSamples, seed: 1 })()['z'],
      Predictive(mixture, { posteriorSamples, seed: 1, inferDiscrete: false })()['z'],
    ]) {
      const mean = Array.from(z.data).reduce((a, b) => a + b) / z.data.length;
      expect(Math.abs(mean - 0.7)).toBeLessThan(5 * Math.sqrt(0.21 / z.data.length));
    }
    expect(() => Predictive(mixture, { numSamples: 3, inferDiscrete: true })()).toThrow(/at site 'mu'/);
  });
});
