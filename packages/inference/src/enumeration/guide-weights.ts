/** What the choices of a guide weigh in an expectation. */
import { siteLogProb, type EnumeratedVariable, type SampleSite, type Trace } from '@pyro-ts/core';
import { lift, stopGradient, tf } from '@pyro-ts/ops';
import { isScored } from '../svi/score-function';
import { variablesOf, type Factor } from './factor';
import { ordinalOf, type Ordinal } from './ordinal';
import { pack } from './pack';
import type { PlatedFactor } from './sum-product';

export interface GuideWeight {
  readonly site: SampleSite;
  /** Log weight: a probability that is summed over, or 0 with the gradient of a log probability. */
  readonly factor: PlatedFactor;
  /** The variable along which the site's values lie, if it is enumerated. */
  readonly own: EnumeratedVariable | undefined;
  /** Variables that the site's value depends on: what lacks one of them does not depend on the site. */
  readonly inValue: readonly EnumeratedVariable[];
  /** log of the number of runs that the site was split into (`sequential`), else 0. */
  readonly logRuns: number;
  /** Whether the weight can be 0, and not only 1 / numSamples. */
  readonly isProbability: boolean;
}

/** x − x, whose gradient is that of x: the log of the factor of Foerster et al. (2018), "DiCE". */
const scoreOf = (x: tf.Tensor): tf.Tensor => tf.sub(x, stopGradient(x));

/** The log probability of the choices, for the elements that count; the others have weights that sum to one as well. */
function logProbOf(site: SampleSite, masked: number): tf.Tensor {
  const logProb = siteLogProb({ ...site, scale: 1, mask: true });
  const { mask } = site;
  if (mask === true) return logProb;
  return mask === false ? tf.fill([...logProb.shape], masked) : tf.where(mask, logProb, lift(masked));
}

/** Undefined for pathwise draws, whose gradient flows through their value. */
function weightOf(site: SampleSite, counts: ReadonlyMap<string, number>): GuideWeight | undefined {
  const { own } = site.enumeration ?? {};
  const variable = own?.variable;
  const runs = counts.get(site.name);
  const make = (logProb: tf.Tensor, isProbability: boolean): GuideWeight => ({
    site,
    factor: pack(site, logProb),
    own: variable,
    inValue: variablesInValue(site),
    logRuns: Math.log(runs ?? 1),
    isProbability,
  });
  if (runs !== undefined) return make(logProbOf(site, -Math.log(runs)), true);
  if (variable?.kind === 'support') return make(logProbOf(site, -Math.log(variable.size)), true);
  if (variable === undefined) return isScored(site) ? make(scoreOf(logProbOf(site, 0)), false) : undefined;
  const one = lift(-Math.log(variable.size));
  const shape = Array.from({ length: -(own?.dim ?? 0) }, (_, i) => (i === 0 ? variable.size : 1));
  return isScored(site)
    ? make(tf.add(scoreOf(logProbOf(site, 0)), one), false)
    : make(tf.fill(shape, -Math.log(variable.size)), false);
}

function variablesInValue({ value, fn, enumeration }: SampleSite): EnumeratedVariable[] {
  const rank = value.rank - fn.eventDim;
  return [...(enumeration?.dims ?? [])]
    .filter(([dim]) => -dim <= rank && value.shape[rank + dim] > 1)
    .map(([, variable]) => variable);
}

/** @param counts values of the sequentially enumerated sites */
export function guideWeights(guide: Trace, counts: ReadonlyMap<string, number>): readonly GuideWeight[] {
  return guide.latentSites.map((site) => weightOf(site, counts)).filter((weight) => weight !== undefined);
}

/**
 * The weights that an expectation of a cost needs, and the log of the number of runs in which it is repeated. Going back
 * from the cost, a choice that nothing needed so far depends on has weights that sum to one.
 */
export function weightsFor(
  weights: readonly GuideWeight[],
  cost: Factor,
  ordinal: Ordinal,
): { readonly needed: readonly GuideWeight[]; readonly logRepeats: number } {
  const variables = new Set(variablesOf(cost));
  const needed: GuideWeight[] = [];
  let logRepeats = 0;
  for (const weight of weights.toReversed()) {
    const { site, factor, own, inValue, logRuns } = weight;
    const isInside = [...ordinalOf(site.condIndepStack).keys()].every((name) => ordinal.has(name));
    const matters = own === undefined ? inValue.every((v) => variables.has(v)) : variables.has(own);
    if (!isInside || !matters) {
      logRepeats += logRuns;
      continue;
    }
    needed.unshift(weight);
    for (const variable of variablesOf(factor)) variables.add(variable);
  }
  return { needed, logRepeats };
}
