/** Hamiltonian Monte Carlo with trajectories of fixed length. */
import { leapfrog } from '../integrators/leapfrog';
import { allocatePoint, energyOf, initState, setState, takeState } from '../integrators/phase-point';
import type { LogDensity } from '../log-density/log-density';
import type { Sampler } from './sampler';
import { TrajectoryStatistics } from './trajectory-statistics';

export interface HmcOptions {
  /** Length in time; the number of steps is its quotient by the step size, rounded down, at least 1. Default 2π. */
  readonly trajectoryLength?: number;
  /** A fixed number of leapfrog steps instead. */
  readonly numSteps?: number;
  /** No trajectory takes more steps, however small they are. Default 1023, as NUTS at tree depth 10. */
  readonly maxSteps?: number;
}

/**
 * HMC (Neal 2011): the end of the trajectory is accepted with probability min(1, exp(−energy error)).
 *
 * Random numbers of a transition, in order: the momentum (`dim` normals), one uniform.
 */
export function hmcSampler(target: LogDensity, options: HmcOptions = {}): Sampler {
  const { trajectoryLength = 2 * Math.PI, numSteps, maxSteps = 1023 } = options;
  const point = allocatePoint(target.dim);
  return {
    init: (position) => initState(target, position),
    step(random, state, { stepSize, metric }) {
      setState(point, state);
      metric.sampleMomentum(random, point.momentum);
      metric.velocity(point.momentum, point.velocity);
      const initialEnergy = energyOf(point);
      const uniform = random.uniform();

      const wanted = numSteps ?? Math.max(1, Math.floor(trajectoryLength / stepSize));
      const steps = Math.min(wanted, maxSteps);
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
