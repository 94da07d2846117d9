import { tf } from '@pyro-ts/ops';
import { jsHmcSampler, hmcSampler } from '../hmc/hmc';
import type { Sampler, Transition } from '../hmc/sampler';
import type { HmcParameters, HmcState } from '../integrators/phase-point';
import { compiledLogDensity } from '../log-density/compiled-log-density';
import type { HeldLogDensity } from '../log-density/model-log-density';
import { denseMetric } from '../metrics/dense';
import { diagonalMetric } from '../metrics/diagonal';
import { lowRankMetric } from '../metrics/low-rank';
import type { Metric } from '../metrics/metric';
import { jsNutsSampler, nutsSampler } from '../nuts/nuts';
import { randomAddress, randomSource } from '../random/random-source';

type Density = (q: tf.Tensor) => tf.Tensor;

const standardNormal: Density = (q) => tf.mul(-0.5, tf.sum(tf.square(q)));
/** Scales from 1 to dim, neighbours correlated. */
const chainOfNormals: Density = (q) => {
  const n = q.shape[0];
  const steps = tf.sub(tf.slice(q, [1], [n - 1]), tf.slice(q, [0], [n - 1]));
  const scale = tf.range(1, n + 1);
  return tf.mul(-0.5, tf.add(tf.sum(tf.square(tf.div(q, scale))), tf.mul(4, tf.sum(tf.square(steps)))));
};
/** Neal's funnel: divergences. */
const funnel: Density = (q) => {
  const n = q.shape[0] - 1;
  const v = tf.reshape(tf.slice(q, [0], [1]), []);
  const x = tf.slice(q, [1], [n]);
  const squares = tf.mul(tf.exp(tf.neg(v)), tf.sum(tf.square(x)));
  return tf.mul(-0.5, tf.addN([tf.div(tf.square(v), 9), tf.mul(n, v), squares]));
};
/** No density below 0: NaN there. */
const wall: Density = (q) => tf.sub(tf.sum(tf.log(q)), tf.sum(q));
/** So far out that the energy falls by thousands of nats: weights are rescaled. */
const steep: Density = (q) => tf.mul(-1e4, tf.sum(tf.square(tf.square(q))));

const compiled = (f: Density, dim: number): HeldLogDensity => compiledLogDensity()(f, dim);

function metrics(dim: number): [string, Metric][] {
  const variances = Float64Array.from({ length: dim }, (_, i) => 0.5 + ((i * 7) % 5) / 3);
  const covariance = new Float64Array(dim * dim);
  for (let i = 0; i < dim; i++) {
    for (let j = 0; j < dim; j++) covariance[i * dim + j] = Number(i === j) + 0.9 ** (Math.abs(i - j) + 1);
  }
  const norm = Math.sqrt(dim);
  const vectors = [Float64Array.from({ length: dim }, () => 1 / norm)];
  return [
    ['diagonal', diagonalMetric(variances)],
    ['dense', denseMetric(covariance)],
    ['lowRank', lowRankMetric(variances.map(Math.sqrt), vectors, Float64Array.of(5))],
  ];
}

interface Seen {
  readonly depths: Set<number>;
  divergences: number;
}

/** Runs both samplers side by side; every number of every transition must be the same. */
function expectSame(
  [inWasm, inJs]: readonly [Sampler, Sampler],
  start: Float64Array,
  parameters: HmcParameters,
  transitions: number,
): Seen {
  const seen: Seen = { depths: new Set(), divergences: 0 };
  let state = inJs.init(start);
  expect(inWasm.init(start)).toEqual(state);
  for (let i = 0; i < transitions; i++) {
    const source = () => randomSource([41, 7], 3, 'transition', i);
    const expected = inJs.step(source(), state, parameters);
    const actual = inWasm.step(source(), state, parameters);
    expect(actual).toEqual(expected);
    // The state in the memory and one given from outside, in turn.
    state = i % 5 === 4 ? expected.state : actual.state;
    seen.depths.add(actual.info.treeDepth);
    seen.divergences += Number(actual.info.diverging);
  }
  return seen;
}

const nutsPair = (target: HeldLogDensity, maxTreeDepth: number): [Sampler, Sampler] => [
  nutsSampler(target, { maxTreeDepth }),
  jsNutsSampler(target, { maxTreeDepth }),
];

describe('NUTS in WebAssembly makes the transitions of NUTS in JavaScript, bit for bit', () => {
  const densities: [string, Density, number[], number][] = [
    ['a standard normal', standardNormal, [1, 2, 3, 10, 17, 40, 101], 0.4],
    ['correlated neighbours', chainOfNormals, [2, 5, 16, 37], 0.5],
    ['a funnel', funnel, [3, 8], 0.7],
    ['a wall', wall, [1, 4], 0.3],
  ];
  const cases = densities.flatMap(([name, density, dims, stepSize]) =>
    dims.map((dim) => [name, dim, density, stepSize] as const),
  );
  it.each(cases)('%s, dimension %d, every metric, 120 transitions', (_name, dim, density, stepSize) => {
    const target = compiled(density, dim);
    const start = Float64Array.from({ length: dim }, (_, i) => 0.3 + (i % 3));
    for (const [, metric] of metrics(dim)) expectSame(nutsPair(target, 8), start, { stepSize, metric }, 120);
    target.dispose?.();
  });

  it('divergences, saturated trees and trees of every depth are among them', () => {
    const [, [, metric]] = [0, metrics(5)[0]];
    const target = compiled(funnel, 5);
    const start = new Float64Array(5).fill(0.5);
    const diverging = expectSame(nutsPair(target, 6), start, { stepSize: 1.1, metric }, 400);
    expect(diverging.divergences).toBeGreaterThan(3);
    const saturated = expectSame(nutsPair(target, 3), start, { stepSize: 0.01, metric }, 30);
    expect([...saturated.depths]).toEqual([3]);
    const deep = expectSame(nutsPair(target, 10), start, { stepSize: 0.02, metric }, 60);
    expect(Math.max(...deep.depths)).toBeGreaterThan(7);
  });

  it('weights that overflow are rescaled alike', () => {
    const target = compiled(steep, 2);
    const [, [, metric]] = [0, metrics(2)[0]];
    expectSame(nutsPair(target, 6), Float64Array.of(3, -2), { stepSize: 2e-3, metric }, 100);
    expectSame(nutsPair(target, 6), Float64Array.of(3, -2), { stepSize: 5e-4, metric }, 100);
  });

  it('samplers of other metrics and depths share the memory of one program', () => {
    const target = compiled(standardNormal, 4);
    const pairs = [nutsPair(target, 5), nutsPair(target, 9)];
    const start = new Float64Array(4).fill(1);
    for (let round = 0; round < 3; round++) {
      for (const pair of pairs) {
        for (const [, metric] of metrics(4)) expectSame(pair, start, { stepSize: 0.6, metric }, 5);
      }
    }
  });
});

describe('a sampler in WebAssembly that advances by itself makes the transitions that it makes step by step', () => {
  const dim = 5;
  const start = new Float64Array(dim).fill(0.5);

  it.each(metrics(dim))('%s, in stretches of any length, another chain between them', (_name, metric) => {
    const target = compiled(funnel, dim);
    const parameters = { stepSize: 0.6, metric };
    for (const sampler of [nutsSampler(target), hmcSampler(target, { numSteps: 4 })]) {
      const source = (i: number) => randomSource([41, 7], 3, 'transition', i);
      let state = sampler.init(start);
      const expected = Array.from({ length: 100 }, (_, i) => {
        const made = sampler.step(source(i), state, parameters);
        state = made.state;
        return made;
      });
      const actual: Transition[] = [];
      state = sampler.init(start);
      for (let length = 1; actual.length < 100; length += 3) {
        const end = Math.min(100, actual.length + length);
        const first = randomAddress([41, 7], 3, 'transition', actual.length);
        const reached = sampler.advance?.(first, state, parameters, (made) => {
          actual.push(structuredClone(made));
          return actual.length < end;
        });
        state = reached as HmcState;
        if (length % 2 === 0) sampler.step(source(500), sampler.init(start), parameters);
      }
      expect(actual).toEqual(expected);
      expect(state).toEqual(expected[99].state);
    }
    target.dispose?.();
  });

  it('goes on right after a visitor that throws', () => {
    const target = compiled(funnel, dim);
    const sampler = nutsSampler(target);
    const parameters = { stepSize: 0.6, metric: metrics(dim)[0][1] };
    const first = randomAddress([41, 7], 3, 'transition', 0);
    const state = sampler.init(start);
    const expected = sampler.step(randomSource([41, 7], 3, 'transition', 0), state, parameters);
    const fails = (): boolean => {
      throw new Error('in the visitor');
    };
    expect(() => sampler.advance?.(first, state, parameters, fails)).toThrow('in the visitor');
    expect(sampler.advance?.(first, state, parameters, () => false)).toEqual(expected.state);
    target.dispose?.();
  });
});

describe('HMC in WebAssembly makes the transitions of HMC in JavaScript, bit for bit', () => {
  it.each([
    ['a standard normal', standardNormal, 7, 0.3],
    ['a funnel', funnel, 4, 1.2],
    ['a wall', wall, 3, 0.5],
  ] as const)('%s', (_name, density, dim, stepSize) => {
    const target = compiled(density, dim);
    for (const [, metric] of metrics(dim)) {
      for (const options of [{ numSteps: 1 }, { trajectoryLength: 3 }]) {
        const pair = [hmcSampler(target, options), jsHmcSampler(target, options)] as const;
        expectSame(pair, new Float64Array(dim).fill(0.4), { stepSize, metric }, 100);
      }
    }
  });
});
