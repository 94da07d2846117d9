import { expectClose } from '@pyro-ts/testing';
import { correlatedNormal, funnel, halfNormal, scaledNormal, type Target } from '../../test/targets';
import { recursiveNuts } from '../../test/recursive-nuts';
import { denseMetric } from '../metrics/dense';
import { diagonalMetric } from '../metrics/diagonal';
import { randomSource } from '../random/random-source';
import type { HmcParameters } from '../integrators/phase-point';
import { nutsSampler } from './nuts';

const unit = (dim: number): HmcParameters['metric'] => diagonalMetric(new Float64Array(dim).fill(1));

describe('iterative NUTS makes the transitions of the recursive one', () => {
  const cases: [string, Target, HmcParameters][] = [
    ['a correlated normal', correlatedNormal(0.95, 2), { stepSize: 0.2, metric: unit(2) }],
    [
      'a dense metric',
      correlatedNormal(0.9),
      { stepSize: 0.9, metric: denseMetric(Float64Array.of(1, 2.7, 2.7, 9)) },
    ],
    ['a funnel, with divergences', funnel(3, 4), { stepSize: 1.1, metric: unit(5) }],
    ['a wall', halfNormal(), { stepSize: 0.4, metric: unit(1) }],
    ['ten dimensions', scaledNormal([1, 2, 3, 1, 1, 0.5, 4, 1, 1, 1]), { stepSize: 0.35, metric: unit(10) }],
  ];

  it.each(cases)('%s: same draws, same trees, 300 transitions', (_name, target, parameters) => {
    const sampler = nutsSampler(target, { maxTreeDepth: 7 });
    let state = sampler.init(new Float64Array(target.dim).fill(0.5));
    const seen = new Set<number>();
    for (let i = 0; i < 300; i++) {
      const source = (): ReturnType<typeof randomSource> => randomSource([7, 11], 0, 'transition', i);
      const expected = recursiveNuts(target, source(), state, parameters, 7);
      const actual = sampler.step(source(), state, parameters);
      expect(actual.state).toEqual(expected.state);
      expect([actual.info.numSteps, actual.info.treeDepth, actual.info.diverging]).toEqual([
        expected.info.numSteps,
        expected.info.treeDepth,
        expected.info.diverging,
      ]);
      expectClose(actual.info.acceptProb, expected.info.acceptProb, { rel: 1e-12 });
      seen.add(actual.info.treeDepth);
      state = actual.state;
    }
    expect(seen.size).toBeGreaterThan(1);
  });

  it('the cases above include divergences and saturated trees', () => {
    const sampler = nutsSampler(funnel(3, 4), { maxTreeDepth: 7 });
    const parameters = { stepSize: 1.1, metric: unit(5) };
    let state = sampler.init(new Float64Array(5).fill(0.5));
    let divergences = 0;
    for (let i = 0; i < 300; i++) {
      const next = sampler.step(randomSource([7, 11], 0, 'transition', i), state, parameters);
      divergences += Number(next.info.diverging);
      state = next.state;
    }
    expect(divergences).toBeGreaterThan(3);
    const short = nutsSampler(correlatedNormal(), { maxTreeDepth: 3 });
    const info = short.step(randomSource([1, 2], 0, 'transition', 0), short.init(Float64Array.of(0, 0)), {
      stepSize: 0.01,
      metric: unit(2),
    }).info;
    expect([info.treeDepth, info.numSteps]).toEqual([3, 7]);
  });
});

describe('a NUTS transition', () => {
  const target = correlatedNormal();
  const sampler = nutsSampler(target);
  const parameters = { stepSize: 0.3, metric: unit(2) };

  it('is a pure function: the same arguments give the same transition, the given state is untouched', () => {
    const state = sampler.init(Float64Array.of(1, -1));
    const before = structuredClone(state);
    const source = (): ReturnType<typeof randomSource> => randomSource([3, 4], 1, 'transition', 9);
    const first = sampler.step(source(), state, parameters);
    sampler.step(randomSource([9, 9], 1, 'transition', 1), state, parameters);
    expect(sampler.step(source(), state, parameters)).toEqual(first);
    expect(state).toEqual(before);
  });

  it('reports the energy, the density and the gradient of the draw', () => {
    const { state, info } = sampler.step(
      randomSource([3, 4], 0, 'transition', 0),
      sampler.init(Float64Array.of(1, 1)),
      parameters,
    );
    const gradient = new Float64Array(2);
    expect(target.valueAndGrad(state.position, gradient)).toBe(state.logDensity);
    expect(gradient).toEqual(state.gradient);
    expect(info.potentialEnergy).toBe(-state.logDensity);
    expect(info.energy).toBeGreaterThan(info.potentialEnergy);
    expect(info.acceptProb).toBeGreaterThan(0.5);
  });

  it('stays where it is, diverging, when every step leaves the domain', () => {
    const wall = nutsSampler(halfNormal());
    const state = wall.init(Float64Array.of(1e-12));
    const outcome = wall.step({ uniform: () => 0.75, normal: () => 1 }, state, {
      stepSize: 1,
      metric: unit(1),
    });
    expect(outcome.state).toEqual(state);
    expect(outcome.info).toMatchObject({ diverging: true, numSteps: 1, treeDepth: 0, acceptProb: 0 });
  });

  it('calls an energy rise of more than 1000 a divergence, of less not', () => {
    const cliff = (height: number): Target => ({
      ...scaledNormal([1]),
      valueAndGrad: ([x], grad) => {
        grad[0] = 0;
        return x > 1 ? -height : 0;
      },
    });
    const divergingAt = (height: number): boolean => {
      const falls = nutsSampler(cliff(height), { maxTreeDepth: 1 });
      return falls.step({ uniform: () => 0.25, normal: () => 1 }, falls.init(Float64Array.of(0.5)), {
        stepSize: 1,
        metric: unit(1),
      }).info.diverging;
    };
    expect([divergingAt(999), divergingAt(1001)]).toEqual([false, true]);
  });
});
