/** Algebraic laws of the handlers, on random models. */
import { Normal } from '@pyro-ts/distributions';
import { tf, toNdArray, type NdArray } from '@pyro-ts/ops';
import { expectClose } from '@pyro-ts/testing';
import fc from 'fast-check';
import { handlers, type Model, type Trace } from '../src';
import { arbitraryModel } from './arbitrary-model';

const { block, condition, mask, replay, scale, seed, substitute, trace, uncondition } = handlers;

const number = fc.double({ min: -3, max: 3, noNaN: true });
const seeds = fc.integer({ min: 0, max: 1e6 });
const options = { numRuns: 25, seed: 20240607 };

const run = (model: Model<[number], tf.Tensor>, key: number): Trace =>
  trace(seed(model, { seed: key })).getTrace(0.5);

const density = (t: Trace): number => tf.tidy(() => t.logProbSum().dataSync()[0]);

/** Everything observable of two traces agrees, densities to rounding. */
function expectSame(a: Trace, b: Trace): void {
  expect(JSON.parse(JSON.stringify(a))).toEqual(JSON.parse(JSON.stringify(b)));
  expectClose(density(a), density(b));
  expect(a.returnValue).toEqual(b.returnValue);
}

const law = <T extends [unknown, ...unknown[]]>(
  title: string,
  arbitraries: { [I in keyof T]: fc.Arbitrary<T[I]> },
  check: (...args: T) => void,
): void => {
  it(title, () => {
    const before = tf.memory().numTensors;
    fc.assert(fc.property(...arbitraries, check), options);
    expect(tf.memory().numTensors).toBe(before);
  });
};

describe('laws of handlers', () => {
  law('the same seed gives the same trace, another seed another one', [arbitraryModel, seeds], (m, key) => {
    expectSame(run(m.run, key), run(m.run, key));
    if (m.latent.length === 0) return;
    const [name] = m.latent;
    expect(run(m.run, key).data(name)).not.toEqual(run(m.run, key + 1).data(name));
  });

  law('trace(trace(m)) = trace(m)', [arbitraryModel, seeds], (m, key) => {
    expectSame(run(trace(m.run), key), run(m.run, key));
  });

  law('replaying a trace of the model gives that trace', [arbitraryModel, seeds], (m, key) => {
    const t = run(m.run, key);
    expectSame(trace(replay(m.run, { trace: t })).getTrace(0.5), t);
  });

  law('replay sees nothing of another seed', [arbitraryModel, seeds, seeds], (m, a, b) => {
    const t = run(m.run, a);
    expectSame(run(replay(m.run, { trace: t }), b), t);
  });

  law(
    'condition on the values of a trace observes them and keeps the density',
    [arbitraryModel, seeds],
    (m, key) => {
      const t = run(m.run, key);
      const data = Object.fromEntries(m.latent.map((name) => [name, t.data(name)]));
      const conditioned = run(condition(m.run, { data }), key + 1);
      expect(conditioned.latentSites).toEqual([]);
      expectClose(density(conditioned), density(t));
    },
  );

  law('of two conditions on one site the outer one decides', [arbitraryModel, number, number], (m, x, y) => {
    fc.pre(m.latent.length > 0);
    const [name] = m.latent;
    const twice = condition(condition(m.run, { data: { [name]: x } }), { data: { [name]: y } });
    expectSame(run(twice, 0), run(condition(m.run, { data: { [name]: y } }), 0));
  });

  law('conditions on different sites commute', [arbitraryModel, number, number], (m, x, y) => {
    fc.pre(m.latent.length > 1);
    const [a, b] = m.latent;
    const ab = condition(condition(m.run, { data: { [a]: x } }), { data: { [b]: y } });
    const both = condition(m.run, { data: { [a]: x, [b]: y } });
    const ba = condition(condition(m.run, { data: { [b]: y } }), { data: { [a]: x } });
    expectSame(run(ab, 1), run(both, 1));
    expectSame(run(ba, 1), run(both, 1));
  });

  law('condition is idempotent', [arbitraryModel, number], (m, x) => {
    fc.pre(m.latent.length > 0);
    const data = { [m.latent[0]]: x };
    expectSame(run(condition(condition(m.run, { data }), { data }), 2), run(condition(m.run, { data }), 2));
  });

  law(
    'after uncondition it does not matter what was observed',
    [arbitraryModel, number, seeds],
    (m, x, key) => {
      fc.pre(m.latent.length > 0);
      const data = { [m.latent[0]]: x };
      const undone = run(uncondition(condition(m.run, { data })), key);
      expect(undone.observedSites).toEqual([]);
      expectSame(undone, run(uncondition(m.run), key));
    },
  );

  law('substitute gives values and leaves sites latent', [arbitraryModel, seeds], (m, key) => {
    const t = run(m.run, key);
    const data = Object.fromEntries([...m.latent, ...m.params].map((name) => [name, t.data(name)]));
    expectSame(run(substitute(m.run, { data }), key + 1), t);
  });

  law('block hides what it names and exposes the rest', [arbitraryModel, seeds], (m, key) => {
    const names = [...run(m.run, key).sites.keys()];
    const hide = names.filter((_, i) => i % 2 === 0);
    const rest = names.filter((_, i) => i % 2 === 1);
    expect([...run(block(m.run, { hide }), key).sites.keys()]).toEqual(rest);
    expect([...run(block(m.run, { expose: rest }), key).sites.keys()]).toEqual(rest);
    expect(run(block(m.run), key).sites.size).toBe(0);
  });

  law('blocked sites draw what they would draw unblocked', [arbitraryModel, seeds], (m, key) => {
    expect(run(block(m.run), key).returnValue).toEqual(run(m.run, key).returnValue);
  });

  law(
    'scale multiplies the density',
    [arbitraryModel, seeds, fc.double({ min: 0.1, max: 9, noNaN: true })],
    (m, key, c) => {
      const t = run(m.run, key);
      const scaled = run(scale(m.run, { scale: c }), key);
      expectClose(density(scaled), c * density(t), { rel: 1e-12, abs: 1e-12 });
      const twice = run(scale(scale(m.run, { scale: c }), { scale: 2 }), key);
      expectClose(density(twice), 2 * c * density(t), { rel: 1e-12, abs: 1e-12 });
    },
  );

  law('mask false takes the density away, mask true does nothing', [arbitraryModel, seeds], (m, key) => {
    expect(density(run(mask(m.run, { mask: false }), key))).toBe(0);
    expectSame(run(mask(m.run, { mask: true }), key), run(m.run, key));
    const everything = { data: Uint8Array.of(1), shape: [], dtype: 'bool' } as const;
    expectClose(density(run(mask(m.run, { mask: everything }), key)), density(run(m.run, key)));
  });

  law('mask and scale commute', [arbitraryModel, seeds], (m, key) => {
    const a = run(mask(scale(m.run, { scale: 3 }), { mask: true }), key);
    expectSame(a, run(scale(mask(m.run, { mask: true }), { scale: 3 }), key));
  });

  law(
    'do leaves the density of the site alone; condition adds the value to it',
    [arbitraryModel, number, seeds],
    (m, x, key) => {
      fc.pre(m.latent.length > 0);
      const data = { [m.latent[0]]: x };
      const t = run(m.run, key);
      const intervened = run(handlers.do(m.run, { data }), key);
      const conditioned = run(condition(m.run, { data }), key);
      expect(intervened.data(m.latent[0])).toEqual(t.data(m.latent[0]));
      const others = (trace: Trace): number =>
        tf.tidy(() => trace.logProbSum((site) => site.name !== m.latent[0]).dataSync()[0]);
      expectClose(others(intervened), others(conditioned), { rel: 1e-12, abs: 1e-12 });
    },
  );

  law('lift turns every parameter into a sample site', [arbitraryModel, seeds], (m, key) => {
    const lifted = run(handlers.lift(m.run, { prior: Normal(0, 1) }), key);
    expect(lifted.paramSites).toEqual([]);
    expect(lifted.latentSites.map((site) => site.name).sort()).toEqual([...m.latent, ...m.params].sort());
  });

  law(
    'scope puts the prefix before every name and changes nothing else',
    [arbitraryModel, seeds],
    (m, key) => {
      const t = run(m.run, key);
      const scoped = run(handlers.scope(replay(m.run, { trace: t }), { prefix: 'a' }), key);
      expect([...scoped.sites.keys()]).toEqual([...t.sites.keys()].map((name) => `a/${name}`));
      expectClose(density(scoped), density(t));
    },
  );

  law('a handler keeps what the model returns', [arbitraryModel, seeds], (m, key) => {
    let direct: NdArray | undefined;
    tf.tidy(() => void (direct = toNdArray(seed(m.run, { seed: key })(0.5))));
    expect(run(m.run, key).returnValue).toEqual(direct);
  });
});
