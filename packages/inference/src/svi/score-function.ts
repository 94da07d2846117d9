/** The score-function (REINFORCE) part of the gradient, with costs summed only over what a choice can influence. */
import type { PlateFrame, SampleSite } from '@pyro-ts/core';
import { lift, stopGradient, tf, withLabel } from '@pyro-ts/ops';
import type { TracePair } from './trace-pair';

/** A term of the cost: the log density of one site, with the plates it is in. */
interface CostTerm {
  readonly frames: readonly PlateFrame[];
  readonly value: tf.Tensor;
}

/** Choices whose gradient does not flow through their value. */
export const isScored = ({ fn, isObserved }: SampleSite): boolean => !isObserved && !fn.hasRsample;

const dimOf = (frame: PlateFrame): string => `${frame.name}@${frame.dim}`;

/**
 * The cost of choices made inside `frames`: summed over everything but those plates. Elements of a plate do not
 * influence each other, so an element's choices bear the costs of that element and of what is outside the plate only.
 */
function sumTo(terms: readonly CostTerm[], frames: readonly PlateFrame[]): tf.Tensor {
  const kept = new Set(frames.map(dimOf));
  const sums = terms.map(({ frames: own, value }) => {
    const shared = new Set(own.filter((frame) => kept.has(dimOf(frame))).map((frame) => frame.dim));
    const axes = value.shape.map((_, i) => i).filter((i) => !shared.has(i - value.rank));
    return axes.length === 0 ? value : tf.sum(value, axes, true);
  });
  return sums.length === 0 ? lift(0) : sums.reduce((a, b) => tf.add(a, b));
}

/**
 * Σ over scored sites of log q · cost, whose gradient is an unbiased estimate of their part of the ELBO's gradient.
 * Source: Ranganath, Gerrish, Blei (2014), Black box variational inference, eq. 3 and the Rao-Blackwellisation of §3.1.
 */
export function scoreFunctionTerms(pair: TracePair): tf.Tensor[] {
  const scored = pair.guide.sampleSites.filter(isScored);
  if (scored.length === 0) return [];
  const costs = [
    ...costTerms(pair.model.computeLogProb(), pair.model, 1),
    ...costTerms(pair.guide.computeLogProb(), pair.guide, -1),
  ];
  return scored.map((site) => {
    const score = withLabel(site.name, () => site.fn.logProb(site.value));
    return tf.sum(tf.mul(score, stopGradient(sumTo(costs, site.condIndepStack))));
  });
}

function costTerms(
  logProbs: ReadonlyMap<string, tf.Tensor>,
  trace: TracePair['model'],
  sign: 1 | -1,
): CostTerm[] {
  return [...logProbs].map(([name, value]) => ({
    frames: trace.site(name).condIndepStack,
    value: sign === 1 ? value : tf.neg(value),
  }));
}
