/** Judges a finished run. */
import { bfmi } from '@pyro-ts/diagnostics';
import type { NdArray, NumericArray } from '@pyro-ts/ops';
import type { WarningEvent } from './events';
import type { McmcResult } from './result';

/** Vehtari et al. (2021), section 2: R-hat < 1.01, 100 effective draws for each chain. Betancourt (2016): E-BFMI ≥ 0.3. */
const largestRhat = 1.01;
const smallestEssPerChain = 100;
const smallestBfmi = 0.3;
/** Draws in a row at one point; at an acceptance of 0.5 that is one run in 10⁹. */
const standingStill = 30;

type Judged = Pick<McmcResult, 'convergence' | 'extraFields' | 'divergences' | 'numChains' | 'numSamples'>;

/** The warnings that a run deserves. Sites that are constant, or too short to judge, get none. */
export function judge(result: Judged, maxTreeDepth: number | undefined): WarningEvent[] {
  const found = [
    standstill(result),
    divergences(result),
    saturation(result, maxTreeDepth),
    energies(result),
    ...convergence(result),
  ];
  return found.filter((warning) => warning !== undefined);
}

function divergences({ divergences: count }: Judged): WarningEvent | undefined {
  if (count === 0) return undefined;
  return {
    type: 'warning',
    kind: 'divergences',
    message:
      `${count} transitions after the warm-up diverged: the draws miss a part of the posterior.\n` +
      '  Fix: raise targetAcceptProb (0.95, 0.99), or reparameterise (non-centred hierarchies, tighter priors).',
  };
}

/** Chains that end at a point which they cannot leave: nothing finite was found around it. */
function standstill({ extraFields, numChains, numSamples }: Judged): WarningEvent | undefined {
  const energies = chainsOf(extraFields.potentialEnergy);
  const diverging = chainsOf(extraFields.diverging);
  const stuck = energies.flatMap((energy, chain) => {
    let first = numSamples - 1;
    while (first > 0 && diverging[chain][first] === 1 && energy[first - 1] === energy[first]) first--;
    return numSamples - first > standingStill ? [numSamples - first] : [];
  });
  if (stuck.length === 0) return undefined;
  return {
    type: 'warning',
    kind: 'stuck',
    message:
      `${stuck.length} of ${numChains} chains stand still at the end, for ${Math.max(...stuck)} draws: every trajectory from there diverges, ` +
      'as where the log density or its gradient is NaN or infinite.\n' +
      '  Fix: look for overflow, 0/0, and logarithms or roots of negative numbers in the model; the point is the last of ' +
      "extraFields: ['unconstrained'].",
  };
}

function saturation({ extraFields }: Judged, maxTreeDepth: number | undefined): WarningEvent | undefined {
  const depths = extraFields.treeDepth.data;
  const count = maxTreeDepth === undefined ? 0 : depths.filter((depth) => depth >= maxTreeDepth).length;
  if (count === 0) return undefined;
  return {
    type: 'warning',
    kind: 'treeDepth',
    message:
      `${count} of ${depths.length} draws reached the tree depth ${maxTreeDepth}: trajectories are cut short, which is slow, not wrong.\n` +
      '  Fix: rescale or decorrelate the parameters, use denseMass, or raise maxTreeDepth.',
  };
}

function energies(result: Judged): WarningEvent | undefined {
  const low = chainsOf(result.extraFields.energy)
    .map(bfmi)
    .filter((value) => value < smallestBfmi);
  if (low.length === 0) return undefined;
  return {
    type: 'warning',
    kind: 'energy',
    message:
      `E-BFMI is ${Math.min(...low).toFixed(2)} in ${low.length} of ${result.numChains} chains (below ${smallestBfmi}): the energies are explored slowly.\n` +
      '  Fix: reparameterise heavy tails, or run a longer warm-up.',
  };
}

function convergence({ convergence: sites, numChains }: Judged): (WarningEvent | undefined)[] {
  let [worstRhat, worstEss] = [
    { name: '', value: -Infinity },
    { name: '', value: Infinity },
  ];
  for (const [name, { rhat, essBulk, essTail }] of Object.entries(sites)) {
    for (const [k, value] of rhat.entries()) {
      if (Number.isNaN(value)) continue;
      const label = rhat.length === 1 ? name : `${name} (element ${k})`;
      if (value > worstRhat.value) worstRhat = { name: label, value };
      const ess = Math.min(essBulk[k], essTail[k]);
      if (ess < worstEss.value) worstEss = { name: label, value: ess };
    }
  }
  return [
    worstRhat.value > largestRhat
      ? {
          type: 'warning',
          kind: 'rhat',
          message:
            `R-hat of ${worstRhat.name} is ${worstRhat.value.toFixed(3)}, above ${largestRhat}: the chains do not agree yet.\n` +
            '  Fix: run more warm-up and draws; if it stays, look for several modes or a model that is not identified.',
        }
      : undefined,
    worstEss.value < smallestEssPerChain * numChains
      ? {
          type: 'warning',
          kind: 'ess',
          message:
            `${worstEss.name} has ${worstEss.value.toFixed(0)} effective draws, fewer than ${smallestEssPerChain} a chain: quantiles and R-hat are uncertain.\n` +
            '  Fix: run more draws.',
        }
      : undefined,
  ];
}

/** A field's values, [chains][draws]. */
function chainsOf({ data, shape: [chains, draws] }: NdArray): NumericArray[] {
  return Array.from({ length: chains }, (_, c) => data.subarray(c * draws, (c + 1) * draws));
}
