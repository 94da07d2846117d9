import { handlers, indexing, markov, plate, range, sample, scan, type Model } from '@pyro-ts/core';
import { Bernoulli, Categorical, Dirichlet, HalfNormal, Normal } from '@pyro-ts/distributions';
import { traceFunction, type Graph } from '@pyro-ts/compiler';
import { lift, tf } from '@pyro-ts/ops';
import * as fc from 'fast-check';
import { expectClose } from '@pyro-ts/testing';
import { compiledLogDensity } from '../log-density/compiled-log-density';
import { eagerLogDensity, makeLogDensity } from '../log-density/model-log-density';
import { AutoNormal } from '../guides';
import { MCMC, NUTS } from '../mcmc';
import { Adam } from '../optim';
import { SVI, TraceEnumELBO } from '../svi';
import { unconstrainEnumerated } from './unconstrain-enumerated';

/** [log density, ...gradient]. */
function at(model: Model<[]>, q: Float64Array, compile = eagerLogDensity): number[] {
  const density = makeLogDensity(unconstrainEnumerated(model, []).model, { compile });
  const gradient = new Float64Array(q.length);
  const value = density.valueAndGrad(q, gradient);
  density.dispose?.();
  return [value, ...gradient];
}

/** Nodes of the optimised program of value and gradient, those of loop bodies included. */
function nodeCount(f: (q: tf.Tensor) => tf.Tensor, dim: number): number {
  const valueAndGrad = tf.valueAndGrad((q: tf.Tensor) => f(q) as tf.Scalar);
  const run = ([q]: readonly tf.Tensor[]): tf.Tensor[] => Object.values(valueAndGrad(q));
  const count = ({ nodes }: Graph): number =>
    nodes.reduce(
      (sum, node) => Object.values(node.subgraphs ?? {}).reduce((a, body) => a + count(body), sum + 1),
      0,
    );
  return count(traceFunction(run, [{ name: 'q', shape: [dim], dtype: 'float32' }]).graph);
}

const pointFor = (model: Model<[]>, seed: number): Float64Array =>
  Float64Array.from({ length: unconstrainEnumerated(model, []).model.dim }, (_, i) => Math.sin(3 * i + seed));

function expectSame(
  scanned: Model<[]>,
  written: Model<[]>,
  permute = (q: Float64Array): Float64Array => q,
): void {
  for (const seed of [1, 2]) {
    const q = pointFor(scanned, seed);
    const expected = at(written, permute(q));
    const actual = at(scanned, q);
    expectClose(actual[0], expected[0], { rel: 1e-12 });
    expectClose(permute(Float64Array.from(actual.slice(1))), expected.slice(1), { rel: 1e-10, abs: 1e-12 });
    expectClose(at(scanned, q, compiledLogDensity()), actual, { rel: 1e-11, abs: 1e-12 });
  }
}

const data = (length: number): number[] => Array.from({ length }, (_, t) => 2 * Math.sin(1.7 * t));
const zero = (): tf.Tensor => lift(0, 'int32');

const globals = (k: number): { transition: tf.Tensor; locs: tf.Tensor; scale: tf.Tensor } => ({
  ...plate('states', k, () => ({
    transition: sample('transition', Dirichlet(tf.ones([k]))),
    locs: sample('locs', Normal(0, 3)),
  })),
  scale: sample('scale', HalfNormal(2)),
});

const emit = (
  name: string,
  locs: tf.Tensor,
  z: tf.Tensor,
  scale: tf.Tensor,
  obs: tf.Tensor | number,
): tf.Tensor => sample(name, Normal(tf.gather(locs, z), scale), { obs });

const row = (table: tf.Tensor, z: tf.Tensor): ReturnType<typeof Categorical> =>
  Categorical(indexing.vindex(table, [z, ':']));

describe.each([1, 2, 5])('a scan of %i steps with discrete sites', (length) => {
  const y = data(length);

  it('has the density and gradient of the markov loop', () => {
    const scanned = (): void => {
      const { transition, locs, scale } = globals(3);
      const body = (z: tf.Tensor, x: tf.Tensor) => {
        const next = sample('z', row(transition, z));
        emit('y', locs, next, scale, x);
        return [next, []] as const;
      };
      scan(body, zero(), lift(y));
    };
    const written = (): void => {
      const { transition, locs, scale } = globals(3);
      let z = zero();
      for (const t of markov(range(length))) {
        z = sample(`z_${t}`, row(transition, z));
        emit(`y_${t}`, locs, z, scale, y[t]);
      }
    };
    expectSame(scanned, written);
  });

  it('has it in reverse too', () => {
    const scanned = (): void => {
      const { transition, locs, scale } = globals(2);
      const body = (z: tf.Tensor, x: tf.Tensor) => {
        const next = sample('z', row(transition, z));
        emit('y', locs, next, scale, x);
        return [next, []] as const;
      };
      scan(body, zero(), lift(y), { reverse: true });
    };
    const written = (): void => {
      const { transition, locs, scale } = globals(2);
      let z = zero();
      for (const t of markov(range(length).reverse())) {
        z = sample(`z_${t}`, row(transition, z));
        emit(`y_${t}`, locs, z, scale, y[t]);
      }
    };
    expectSame(scanned, written);
  });

  it('has it with plates around, and plates in the body', () => {
    const series = 3;
    const rows = y.map((value) => Array.from({ length: series }, (_, i) => value + 0.3 * i));
    const scanned = (): void => {
      const { transition, locs, scale } = globals(2);
      const body = (z: tf.Tensor, x: tf.Tensor) => {
        const next = sample('z', row(transition, z));
        emit('y', locs, next, scale, x);
        plate('repeats', 2, () => emit('w', locs, next, scale, 0.5));
        return [next, []] as const;
      };
      plate('series', series, () => scan(body, zero(), lift(rows)));
    };
    const written = (): void => {
      const { transition, locs, scale } = globals(2);
      plate('series', series, () => {
        let z = zero();
        for (const t of markov(range(length))) {
          z = sample(`z_${t}`, row(transition, z));
          emit(`y_${t}`, locs, z, scale, lift(rows[t]));
          plate('repeats', 2, () => emit(`w_${t}`, locs, z, scale, 0.5));
        }
      });
    };
    expectSame(scanned, written);
  });

  it('has it with several discrete sites a step, one of which the next step does not see', () => {
    const both = (a: tf.Tensor, b: tf.Tensor, c: tf.Tensor): tf.Tensor =>
      tf.add(
        tf.add(tf.cast(a, 'float32'), tf.mul(tf.cast(b, 'float32'), 2)),
        tf.mul(tf.cast(c, 'float32'), 0.3),
      );
    const scanned = (): void => {
      const { transition, locs, scale } = globals(2);
      const body = ({ a, b }: { a: tf.Tensor; b: tf.Tensor }, x: tf.Tensor) => {
        const nextA = sample('a', row(transition, a));
        const nextB = sample('b', Categorical(indexing.vindex(transition, [tf.mul(nextA, b), ':'])));
        const c = sample('c', Bernoulli(0.3));
        sample('y', Normal(tf.mul(both(nextA, nextB, c), tf.sum(locs)), scale), { obs: x });
        return [{ a: nextA, b: nextB }, []] as const;
      };
      scan(body, { a: zero(), b: lift(1, 'int32') }, lift(y));
    };
    const written = (): void => {
      const { transition, locs, scale } = globals(2);
      let [a, b]: tf.Tensor[] = [zero(), lift(1, 'int32')];
      for (const t of markov(range(length))) {
        a = sample(`a_${t}`, row(transition, a));
        b = sample(`b_${t}`, Categorical(indexing.vindex(transition, [tf.mul(a, b), ':'])));
        const c = sample(`c_${t}`, Bernoulli(0.3));
        sample(`y_${t}`, Normal(tf.mul(both(a, b, c), tf.sum(locs)), scale), { obs: y[t] });
      }
    };
    expectSame(scanned, written);
  });

  it('has it with a first state and a component sampled outside, and continuous things in the carry', () => {
    const scanned = (): void => {
      const { transition, locs, scale } = globals(2);
      const k = sample('k', Bernoulli(0.3));
      const first = sample('first', Categorical([0.4, 0.6]));
      const body = ([z, level]: tf.Tensor[], x: tf.Tensor) => {
        const next = sample('z', row(transition, z));
        sample('y', Normal(tf.add(tf.add(tf.gather(locs, next), level), k), scale), { obs: x });
        return [[next, tf.mul(level, scale)], []] as const;
      };
      scan(body as never, [first, lift(0.3)], lift(y));
    };
    const written = (): void => {
      const { transition, locs, scale } = globals(2);
      const k = sample('k', Bernoulli(0.3));
      let z = sample('first', Categorical([0.4, 0.6]));
      let level: tf.Tensor = lift(0.3);
      for (const t of markov(range(length))) {
        z = sample(`z_${t}`, row(transition, z));
        sample(`y_${t}`, Normal(tf.add(tf.add(tf.gather(locs, z), level), k), scale), { obs: y[t] });
        level = tf.mul(level, scale);
      }
    };
    expectSame(scanned, written);
  });

  it('has it with latent continuous sites that depend on them', () => {
    const scanned = (): void => {
      const { transition, locs, scale } = globals(2);
      const body = ([z, before]: tf.Tensor[], x: tf.Tensor) => {
        const next = sample('z', row(transition, z));
        const state = sample('state', Normal(tf.add(tf.gather(locs, next), tf.mul(before, 0.5)), scale));
        sample('y', Normal(state, 1), { obs: x });
        return [[next, state], []] as const;
      };
      scan(body as never, [zero(), lift(0)], lift(y));
    };
    const written = (): void => {
      const { transition, locs, scale } = globals(2);
      let z = zero();
      let state: tf.Tensor = lift(0);
      for (const t of markov(range(length))) {
        z = sample(`z_${t}`, row(transition, z));
        state = sample(`state_${t}`, Normal(tf.add(tf.gather(locs, z), tf.mul(state, 0.5)), scale));
        sample(`y_${t}`, Normal(state, 1), { obs: y[t] });
      }
    };
    expectSame(scanned, written);
  });
});

it('has the density of the markov loop, whatever the sizes, plates and numbers', () => {
  const model = fc.record({
    k: fc.integer({ min: 2, max: 4 }),
    length: fc.integer({ min: 1, max: 6 }),
    series: fc.option(fc.integer({ min: 2, max: 3 }), { nil: undefined }),
    repeats: fc.option(fc.integer({ min: 2, max: 3 }), { nil: undefined }),
    reverse: fc.boolean(),
    seed: fc.integer({ min: 0, max: 1000 }),
  });
  const inPlate = (name: string, size: number | undefined, body: () => unknown): void =>
    void (size === undefined ? body() : plate(name, size, body));
  fc.assert(
    fc.property(model, ({ k, length, series, repeats, reverse, seed }) => {
      const y = Array.from({ length }, (_, t) => 2 * Math.sin(seed + 1.7 * t));
      const sites = (
        suffix: string,
        { transition, locs, scale }: ReturnType<typeof globals>,
        z: tf.Tensor,
        x: tf.Tensor,
      ) => {
        const next = sample(`z${suffix}`, row(transition, z));
        inPlate('repeats', repeats, () => emit(`y${suffix}`, locs, next, scale, x));
        return next;
      };
      const scanned = (): void => {
        const given = globals(k);
        const body = (z: tf.Tensor, x: tf.Tensor) => [sites('', given, z, x), []] as const;
        inPlate('series', series, () => scan(body, zero(), lift(y), { reverse }));
      };
      const written = (): void => {
        const given = globals(k);
        inPlate('series', series, () => {
          let z = zero();
          for (const t of markov(reverse ? range(length).reverse() : range(length)))
            z = sites(`_${t}`, given, z, lift(y[t]));
        });
      };
      const q = pointFor(scanned, seed);
      const [value, ...gradient] = at(scanned, q);
      const [expected, ...expectedGradient] = at(written, q);
      expectClose(value, expected, { rel: 1e-10 });
      expectClose(gradient, expectedGradient, { rel: 1e-10, abs: 1e-10 });
    }),
    { seed: 1, numRuns: 10 },
  );
});

const hmm = (y: number[]) => (): void => {
  const { transition, locs, scale } = globals(2);
  const body = (z: tf.Tensor, x: tf.Tensor) => {
    const next = sample('z', row(transition, z), { infer: { enumerate: 'parallel' } });
    emit('y', locs, next, scale, x);
    return [next, []] as const;
  };
  scan(body, zero(), lift(y));
};

describe('inference on a scan with discrete sites', () => {
  it('runs compiled under NUTS, without an op evaluated one by one', async () => {
    const options = { numWarmup: 20, numSamples: 20, numChains: 1, seed: 1 };
    const result = await MCMC(NUTS(hmm(data(30)), { fallback: 'error' }), options).run();
    expect(Object.keys(result.samples).sort()).toEqual(['locs', 'scale', 'transition']);
  });

  it('runs compiled under SVI with TraceEnumELBO, to the loss of the written-out loop', async () => {
    const y = data(6);
    const written = (): void => {
      const { transition, locs, scale } = globals(2);
      let z = zero();
      for (const t of markov(range(y.length))) {
        z = sample(`z_${t}`, row(transition, z), { infer: { enumerate: 'parallel' } });
        emit(`y_${t}`, locs, z, scale, y[t]);
      }
    };
    const losses = await Promise.all(
      [hmm(y), written].map(async (model) => {
        const settings = {
          model,
          guide: AutoNormal(model),
          optim: Adam({ learningRate: 0.05 }),
          loss: TraceEnumELBO(),
        };
        return (await SVI({ ...settings, fallback: 'error' }).run({ steps: 20, seed: 0 })).losses;
      }),
    );
    expectClose(losses[0], losses[1], { rel: 1e-9 });
  });

  const switching = (): void => {
    const { transition, locs, scale } = globals(2);
    const body = ([z, before]: tf.Tensor[], x: tf.Tensor) => {
      const next = sample('z', row(transition, z), { infer: { enumerate: 'parallel' } });
      const level = sample('level', Normal(tf.add(tf.gather(locs, next), tf.mul(before, 0.5)), scale));
      sample('y', Normal(level, 1), { obs: x });
      return [[next, level], []] as const;
    };
    scan(body as never, [zero(), lift(0)], lift(data(8)));
  };

  it('gives continuous sites of the body stacked draws, in NUTS and in SVI', async () => {
    const options = { numWarmup: 20, numSamples: 10, numChains: 1, seed: 1 };
    const { samples } = await MCMC(NUTS(switching, { fallback: 'error' }), options).run();
    expect(samples['level'].shape).toEqual([1, 10, 8]);
    const settings = {
      model: switching,
      guide: AutoNormal(switching),
      optim: Adam({ learningRate: 0.05 }),
      loss: TraceEnumELBO(),
    };
    const { losses } = await SVI({ ...settings, fallback: 'error' }).run({ steps: 300, seed: 0 });
    const mean = (from: number): number => losses.slice(from, from + 50).reduce((a, b) => a + b) / 50;
    expect(mean(250)).toBeLessThan(mean(0));
  });

  it('has a program that does not grow with the number of steps', () => {
    const [short, long] = [5, 500].map((length) => {
      const { dim, logDensity } = unconstrainEnumerated(hmm(data(length)), []).model;
      return nodeCount(logDensity, dim);
    });
    expect(long).toBe(short);
  });
});

describe('a scan with discrete sites refuses', () => {
  const density = (body: (carry: never, x: never) => readonly [never, never], init: unknown) => (): unknown =>
    unconstrainEnumerated(() => {
      sample('mu', Normal(0, 1));
      scan(body, init as never, lift(data(3)) as never);
    }, []).model.logDensity(lift([0.1]));
  const table = lift([[0.9, 0.1], [0.2, 0.8]]); // prettier-ignore

  it.each<[string, () => unknown, RegExp]>([
    [
      'a dependence two steps back',
      density((([a, b]: tf.Tensor[]) => [[b, sample('z', row(table, a))], []]) as never, [zero(), zero()]),
      /at site 'z': the carry of the scan \(tensor 0\) depends on 'z'(.|\n)*two steps back/,
    ],
    [
      'something computed from them in the carry',
      density(((c: tf.Tensor) => [tf.add(c, sample('z', Bernoulli(0.5))), []]) as never, zero()),
      /at site 'z': the carry(.|\n)*carry the value of 'z' itself/,
    ],
    [
      'outputs that depend on them',
      density(((c: tf.Tensor) => [c, sample('z', Bernoulli(0.5))]) as never, zero()),
      /at site 'z': an output of the scan(.|\n)*leave it out/,
    ],
    [
      'discrete sites in different plates',
      density(((c: tf.Tensor) => {
        sample('z', Bernoulli(0.5));
        plate('p', 3, () => sample('w', Bernoulli(0.5)));
        return [c, []];
      }) as never, zero()), // prettier-ignore
      /at site 'z': .*different plates(.|\n)*around all of them/,
    ],
    [
      'to draw continuous sites that depend on them',
      () => {
        const model = (): void =>
          void scan((c: tf.Tensor) => {
            const z = sample('z', Bernoulli(0.5), { infer: { enumerate: 'parallel' } });
            sample('x', Normal(z, 1));
            return [c, []] as const;
          }, zero(), null, { length: 2 }); // prettier-ignore
        handlers.trace(handlers.enumerate(model, { firstAvailableDim: -1 })).getTrace();
      },
      /at site 'x': .*nobody gives it a value(.|\n)*sample it in the guide/,
    ],
  ])('%s', (_, run, message) => {
    expect(run).toThrow(message);
  });
});
