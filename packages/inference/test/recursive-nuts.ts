/**
 * NUTS as its definition reads: recursive, every point of the trajectory kept, every sum taken afresh. The oracle of
 * the iterative sampler, which must make the same transition from the same random numbers.
 */
import { leapfrog } from '../src/integrators/leapfrog';
import {
  allocatePoint,
  copyPoint,
  energyOf,
  setState,
  takeState,
  type HmcParameters,
  type HmcState,
  type PhasePoint,
} from '../src/integrators/phase-point';
import type { Transition } from '../src/hmc/sampler';
import type { LogDensity } from '../src/log-density/log-density';
import type { RandomSource } from '../src/random/random-source';

const clone = (point: PhasePoint): PhasePoint => {
  const copy = allocatePoint(point.position.length);
  copyPoint(point, copy);
  return copy;
};

const logSumExp = (values: readonly number[]): number => {
  const largest = Math.max(...values);
  return largest + Math.log(values.reduce((sum, x) => sum + Math.exp(x - largest), 0));
};

/** Whether points in order of time turn, as a whole or across the seam between their halves. */
function turns(points: readonly PhasePoint[], seam: number): boolean {
  const criterion = (first: number, last: number): boolean => {
    const sum = points[0].momentum.map(() => 0);
    for (let k = first; k <= last; k++) points[k].momentum.forEach((p, i) => (sum[i] += p));
    const along = (k: number): number => points[k].velocity.reduce((dot, v, i) => dot + v * sum[i], 0);
    return along(first) > 0 && along(last) > 0;
  };
  const end = points.length - 1;
  return !(criterion(0, end) && criterion(0, seam) && criterion(seam - 1, end));
}

export function recursiveNuts(
  target: LogDensity,
  random: RandomSource,
  state: HmcState,
  { stepSize, metric }: HmcParameters,
  maxTreeDepth = 10,
): Transition {
  const start = allocatePoint(target.dim);
  setState(start, state);
  metric.sampleMomentum(random, start.momentum);
  metric.velocity(start.momentum, start.velocity);
  const initialEnergy = energyOf(start);
  const logWeightOf = (point: PhasePoint): number => initialEnergy - energyOf(point);

  let leaves = 0;
  let acceptSum = 0;
  let diverging = false;
  // The draw from the subtree that is growing.
  let grown: PhasePoint[] = [];
  let candidate = start;

  /** 2^depth points that follow `from`, in the order of growth; undefined if they diverge or turn. */
  const build = (from: PhasePoint, sign: number, depth: number): PhasePoint[] | undefined => {
    if (depth === 0) {
      const point = clone(from);
      leapfrog(target, metric, point, sign * stepSize);
      leaves++;
      const uniform = random.uniform();
      const logWeight = logWeightOf(point);
      if (!(logWeight >= -1000) || logWeight === Infinity) {
        diverging = true;
        return undefined;
      }
      acceptSum += Math.min(1, Math.exp(logWeight));
      grown.push(point);
      if (uniform < Math.exp(logWeight - logSumExp(grown.map(logWeightOf)))) candidate = point;
      return [point];
    }
    const near = build(from, sign, depth - 1);
    if (near === undefined) return undefined;
    const far = build(near[near.length - 1], sign, depth - 1);
    if (far === undefined) return undefined;
    const all = [...near, ...far];
    return turns(all, near.length) ? undefined : all;
  };

  let tree = [start];
  let proposal = start;
  let depth = 0;
  while (depth < maxTreeDepth) {
    const sign = random.uniform() < 0.5 ? 1 : -1;
    grown = [];
    const subtree = build(sign === 1 ? tree[tree.length - 1] : tree[0], sign, depth);
    if (subtree === undefined) break;
    depth++;
    const logRatio = logSumExp(subtree.map(logWeightOf)) - logSumExp(tree.map(logWeightOf));
    if (random.uniform() < Math.exp(logRatio)) proposal = candidate;
    const seam = tree.length;
    tree = sign === 1 ? [...tree, ...subtree] : [...subtree.reverse(), ...tree];
    if (turns(tree, seam)) break;
  }
  return {
    state: takeState(proposal),
    info: {
      acceptProb: acceptSum / leaves,
      energy: energyOf(proposal),
      potentialEnergy: -proposal.logDensity,
      numSteps: leaves,
      treeDepth: depth,
      diverging,
    },
  };
}
