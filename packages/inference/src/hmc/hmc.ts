/** Hamiltonian Monte Carlo with trajectories of fixed length. */
import { leapfrog } from '../integrators/leapfrog';
import { allocatePoint, energyOf, initState, setState, takeState } from '../integrators/phase-point';
import type { LogDensity } from '../log-density/log-density';
import type { Sampler } from './sampler';
import { isLinkable, linkedHmc } from '../wasm/wasm-sampler';
import { leapfrogSteps, type HmcOptions } from './trajectory-length';
import { TrajectoryStatistics } from './trajectory-statistics';

export type { HmcOptions };

/**
 * HMC (Neal 2011): the end of the trajectory is accepted with probability min(1, exp(−energy error)).
 *
 * Random numbers of a transition, in order: the momentum (`dim` normals), one uniform.
 */
export function hmcSampler(target: LogDensity, options: HmcOptions = {}): Sampler {
  const oracle = jsHmcSampler(target, options);
  return isLinkable(target) ? linkedHmc(target, oracle, options) : oracle;
}

/** The same, whatever the target, in JavaScript. */
export function jsHmcSampler(target: LogDensity, options: HmcOptions = {}): Sampler {
  const point = allocatePoint(target.dim);
  return {
    init: (position) => initState(target, position),
    step(random, state, { stepSize, metric }) {
      setState(point, state);
      metric.sampleMomentum(random, point.momentum);
      metric.velocity(point.momentum, point.velocity);
      const initialEnergy = energyOf(point);
      const uniform = random.uniform();

      const steps = leapfrogSteps(options, stepSize);
      for (let i = 0; i < steps; i++) leapfrog(target, metric, point, stepSize);

      const statistics = new TrajectoryStatistics(initialEnergy);
      statistics.add(energyOf(point));
      const accepted = uniform < statistics.acceptSum;
      const next = accepted ? takeState(point) : state;
      return {
        state: next,
        info: {
          acceptProb: statistics.acceptSum,
          energy: accepted ? energyOf(point) : initialEnergy,
          potentialEnergy: -next.logDensity,
          numSteps: steps,
          treeDepth: 0,
          diverging: statistics.diverging,
        },
      };
    },
  };
}
