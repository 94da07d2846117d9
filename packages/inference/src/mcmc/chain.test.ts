import { correlatedNormal } from '../../test/targets';
import { hmcSampler } from '../hmc/hmc';
import { blockFamily } from '../metrics/blocks';
import { denseFamily } from '../metrics/dense';
import { diagonalFamily } from '../metrics/diagonal';
import type { MetricFamily } from '../metrics/metric';
import { nutsSampler } from '../nuts/nuts';
import { Chain, type ChainConfig, type ChainStep } from './chain';

const target = correlatedNormal();
const config = (family: MetricFamily): ChainConfig => ({
  target,
  sampler: () => nutsSampler(target),
  family,
  options: {},
  numWarmup: 150,
  numTransitions: 30,
  key: [3, 4],
  chain: 1,
  start: Float64Array.of(0.5, -1),
});

function rest(chain: Chain): ChainStep[] {
  const steps: ChainStep[] = [];
  while (!chain.isDone) steps.push(chain.next());
  return steps;
}

const bits = (steps: readonly ChainStep[]): unknown[] =>
  steps.map(({ phase, iteration, state, info, parameters }) => ({
    phase,
    iteration,
    state,
    info,
    stepSize: parameters.stepSize,
    inverseMassMatrix: parameters.metric.inverseMassMatrix,
  }));

describe('a chain', () => {
  // Before the first transition, before, in and after the metric window, at the end of the warm-up, while sampling.
  it.each([
    ['diagonal', diagonalFamily(2)],
    ['dense', denseFamily(2)],
    ['blocks', blockFamily(2, [[1]])],
  ])('goes on from a cloned snapshot with the same bits, wherever it was taken: %s', (_name, family) => {
    const whole = bits(rest(new Chain(config(family))));
    expect(whole).toHaveLength(180);
    for (const stop of [0, 1, 74, 75, 99, 100, 149, 150, 151, 179]) {
      const chain = new Chain(config(family));
      for (let i = 0; i < stop; i++) chain.next();
      const snapshot = structuredClone(chain.snapshot());
      expect(bits(rest(new Chain(config(family), snapshot)))).toEqual(whole.slice(stop));
    }
  });

  it('a snapshot does not change when the chain goes on', () => {
    const chain = new Chain({ ...config(diagonalFamily(2)), sampler: () => hmcSampler(target) });
    for (let i = 0; i < 80; i++) chain.next();
    const snapshot = chain.snapshot();
    const copy = structuredClone(snapshot);
    rest(chain);
    expect(snapshot).toEqual(copy);
  });
});
