/** Doubles a trajectory at one end. */
import { leapfrog } from '../integrators/leapfrog';
import type { TrajectoryStatistics } from '../hmc/trajectory-statistics';
import { copyPoint, energyOf, type PhasePoint } from '../integrators/phase-point';
import type { LogDensity } from '../log-density/log-density';
import type { Metric } from '../metrics/metric';
import type { RandomSource } from '../random/random-source';
import { join, setPoint } from './segment';
import type { Workspace } from './workspace';

/**
 * Grows 2^depth points from `end`, which is moved along. Leaves a multinomial draw from them in `work.candidate` and
 * their segment, in the order of growth, in `work.levels[depth]`.
 *
 * After leaf n, as many pieces are complete as n has trailing one bits: each joins its finished left neighbour.
 * @returns false if the subtree diverges or turns, in itself or in one of its halves, quarters, …
 */
export function growSubtree(
  target: LogDensity,
  metric: Metric,
  end: PhasePoint,
  signedStep: number,
  depth: number,
  random: RandomSource,
  work: Workspace,
  statistics: TrajectoryStatistics,
): boolean {
  statistics.subtreeWeight = 0;
  const leaves = 2 ** depth;
  for (let leaf = 0; leaf < leaves; leaf++) {
    leapfrog(target, metric, end, signedStep);
    const weight = statistics.add(energyOf(end));
    const uniform = random.uniform();
    if (weight === undefined) return false;
    statistics.subtreeWeight += weight;
    if (uniform * statistics.subtreeWeight < weight) copyPoint(end, work.candidate);

    setPoint(work.carry, end.momentum, end.velocity);
    let level = 0;
    for (let n = leaf; n & 1; n >>= 1) {
      if (!join(work.levels[level], work.carry)) return false;
      level++;
    }
    const finished = work.carry;
    work.carry = work.levels[level];
    work.levels[level] = finished;
  }
  return true;
}
