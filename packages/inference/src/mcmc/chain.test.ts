import { tf } from '@pyro-ts/ops';
import { correlatedNormal } from '../../test/targets';
import { hmcSampler } from '../hmc/hmc';
import { compiledLogDensity } from '../log-density/compiled-log-density';
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

  it.each([
    ['in WebAssembly', () => compiledLogDensity()((q) => tf.mul(-0.5, tf.sum(tf.square(q))), 2)],
    ['in JavaScript', () => target],
  ])(
    'advances in stretches of any length with the steps of next(), up to the end of a phase: %s',
    (_name, make) => {
      const density = make();
      const of = { ...config(diagonalFamily(2)), target: density, sampler: () => nutsSampler(density) };
      const whole = bits(rest(new Chain(of)));
      let chain = new Chain(of);
      const steps: ChainStep[] = [];
      for (let stretch = 1; !chain.isDone; stretch = (stretch % 17) + 4) {
        const [before, { length }] = [chain.made, steps];
        chain.advance(({ parameters, ...step }) => {
          steps.push({ ...structuredClone(step), parameters });
          return steps.length < length + stretch;
        });
        const end = before < 150 ? 150 : 180;
        expect(chain.made).toBe(Math.min(before + stretch, end));
        expect(steps).toHaveLength(chain.made);
        chain = new Chain(of, structuredClone(chain.snapshot()));
      }
      expect(bits(steps)).toEqual(whole);
      chain.advance(() => {
        throw new Error('a chain that is done goes on');
      });
    },
  );

  it('a snapshot does not change when the chain goes on', () => {
    const chain = new Chain({ ...config(diagonalFamily(2)), sampler: () => hmcSampler(target) });
    for (let i = 0; i < 80; i++) chain.next();
    const snapshot = chain.snapshot();
    const copy = structuredClone(snapshot);
    rest(chain);
    expect(snapshot).toEqual(copy);
  });
});
