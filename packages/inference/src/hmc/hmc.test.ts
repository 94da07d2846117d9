import { correlatedNormal, halfNormal } from '../../test/targets';
import { diagonalMetric } from '../metrics/diagonal';
import { randomSource } from '../random/random-source';
import { hmcSampler } from './hmc';

const metric = diagonalMetric(Float64Array.of(1, 1));

describe('HMC', () => {
  const target = correlatedNormal();

  it('takes trajectoryLength / stepSize steps, rounded down, at least one, at most maxSteps', () => {
    const steps = (trajectoryLength: number, stepSize: number, maxSteps?: number): number => {
      const sampler = hmcSampler(target, {
        trajectoryLength,
        ...(maxSteps === undefined ? {} : { maxSteps }),
      });
      return sampler.step(randomSource([1, 1], 0, 'transition', 0), sampler.init(Float64Array.of(0, 0)), {
        stepSize,
        metric,
      }).info.numSteps;
    };
    expect([steps(1, 0.3), steps(1, 5), steps(1, 1e-4, 50), steps(2 * Math.PI, 1)]).toEqual([3, 1, 50, 6]);
  });

  it('is pure: same arguments, same transition', () => {
    const sampler = hmcSampler(target, { numSteps: 5 });
    const state = sampler.init(Float64Array.of(1, 2));
    const step = (): unknown =>
      sampler.step(randomSource([1, 1], 0, 'transition', 3), state, { stepSize: 0.2, metric });
    expect(step()).toEqual(step());
  });

  it('keeps the state, not a copy, when it rejects; a wall is a divergence', () => {
    const sampler = hmcSampler(halfNormal(), { numSteps: 1 });
    const state = sampler.init(Float64Array.of(1e-6));
    const outcome = sampler.step({ uniform: () => 0.5, normal: () => -3 }, state, {
      stepSize: 1,
      metric: diagonalMetric(Float64Array.of(1)),
    });
    expect(outcome.state).toBe(state);
    expect(outcome.info).toMatchObject({
      diverging: true,
      acceptProb: 0,
      potentialEnergy: -state.logDensity,
    });
  });
});
