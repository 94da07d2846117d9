/** The no-U-turn sampler: multinomial, iterative. */
import { copyPoint, energyOf, initState, setState, takeState } from '../integrators/phase-point';
import type { HmcParameters, HmcState } from '../integrators/phase-point';
import type { LogDensity } from '../log-density/log-density';
import type { RandomSource } from '../random/random-source';
import type { Sampler, Transition } from '../hmc/sampler';
import { isLinkable, linkedNuts } from '../wasm/wasm-sampler';
import { join, reverse, setPoint } from './segment';
import { TrajectoryStatistics } from '../hmc/trajectory-statistics';
import { growSubtree } from './subtree';
import { Workspace } from './workspace';

export interface NutsOptions {
  /** Largest number of doublings: at most 2^maxTreeDepth − 1 gradients a transition. Default 10. */
  readonly maxTreeDepth?: number;
}

/**
 * NUTS (Hoffman & Gelman 2014) with multinomial sampling over the trajectory and the generalised U-turn criterion
 * (Betancourt 2017, appendix A). Subtrees are grown leaf by leaf, without recursion: a binary counter of finished
 * pieces takes the place of the call stack (the idea of Phan, Pradhan & Jankowiak 2019; memory O(maxTreeDepth · dim)).
 *
 * Random numbers of a transition, in order: the momentum (`dim` normals); then for each doubling one uniform for the
 * direction, one for each leaf, and, if the subtree is whole, one for its acceptance.
 */
export function nutsSampler(target: LogDensity, options: NutsOptions = {}): Sampler {
  const oracle = jsNutsSampler(target, options);
  return isLinkable(target) ? linkedNuts(target, oracle, options.maxTreeDepth ?? 10) : oracle;
}

/** The same, whatever the target, in JavaScript. */
export function jsNutsSampler(target: LogDensity, options: NutsOptions = {}): Sampler {
  const { maxTreeDepth = 10 } = options;
  const work = new Workspace(target.dim, maxTreeDepth);
  return {
    init: (position) => initState(target, position),
    step: (random, state, parameters) => transition(target, work, maxTreeDepth, random, state, parameters),
  };
}

function transition(
  target: LogDensity,
  work: Workspace,
  maxTreeDepth: number,
  random: RandomSource,
  state: HmcState,
  { stepSize, metric }: HmcParameters,
): Transition {
  const { backward, forward, candidate, proposal } = work;
  setState(forward, state);
  metric.sampleMomentum(random, forward.momentum);
  metric.velocity(forward.momentum, forward.velocity);
  copyPoint(forward, backward);
  copyPoint(forward, proposal);
  setPoint(work.tree, forward.momentum, forward.velocity);

  const statistics = new TrajectoryStatistics(energyOf(forward));
  let depth = 0;
  while (depth < maxTreeDepth) {
    const goForward = random.uniform() < 0.5;
    const end = goForward ? forward : backward;
    const signedStep = goForward ? stepSize : -stepSize;
    if (!growSubtree(target, metric, end, signedStep, depth, random, work, statistics)) break;
    depth++;
    // Biased progressive sampling (Betancourt 2017, appendix A.3.2): the new half is favoured.
    const { treeWeight, subtreeWeight } = statistics;
    if (random.uniform() * treeWeight < subtreeWeight) copyPoint(candidate, proposal);
    statistics.treeWeight = treeWeight + subtreeWeight;
    if (!extendTree(work, depth - 1, goForward)) break;
  }
  return {
    state: takeState(proposal),
    info: {
      acceptProb: statistics.acceptSum / statistics.leaves,
      energy: energyOf(proposal),
      potentialEnergy: -proposal.logDensity,
      numSteps: statistics.leaves,
      treeDepth: depth,
      diverging: statistics.diverging,
    },
  };
}

/** Joins the finished subtree of a level to the tree, in order of time; false if the whole turns. */
function extendTree(work: Workspace, level: number, goForward: boolean): boolean {
  const { tree } = work;
  const subtree = work.levels[level];
  let straight: boolean;
  if (goForward) {
    straight = join(tree, subtree);
    work.tree = subtree;
    work.levels[level] = tree;
  } else {
    reverse(subtree);
    straight = join(subtree, tree);
  }
  return straight;
}
