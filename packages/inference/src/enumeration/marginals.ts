/** Marginal probabilities of discrete sites, given everything else. */
import type { EnumeratedVariable } from '@pyro-ts/core';
import { lift, tf } from '@pyro-ts/ops';
import { bySite, refuseImpossible, type EnumeratedRun } from './enumerated-run';
import { productOver, variablesOf } from './factor';
import type { SiteFactor } from './joint';
import { ordinalOf } from './ordinal';
import { toBatch } from './site-batch';
import { sumProduct, type PlatedFactor } from './sum-product';

const totalOf = (factors: readonly PlatedFactor[]): tf.Tensor =>
  sumProduct(factors)
    .map((factor) => productOver(factor, factor.ordinal).tensor)
    .reduce((a, b) => tf.add(a, b), lift(0));

/** A factor 1 of a variable alone, once for each element of its plates. */
function neutral(variable: EnumeratedVariable): PlatedFactor {
  const ordinal = ordinalOf(variable.condIndepStack);
  const tensor = tf.zeros([...ordinal.values(), variable.size]);
  return { tensor, dims: [...ordinal.keys(), variable], ordinal };
}

/**
 * The derivative of the log normaliser in a log factor of one value of one variable is the probability of that value: one
 * gradient gives them all, at the cost of a sum. Source: Darwiche (2003), "A Differential Approach to Inference in Bayesian
 * Networks", section 4.
 */
function marginalsIn(
  component: readonly SiteFactor[],
  variables: readonly EnumeratedVariable[],
): ReadonlyMap<EnumeratedVariable, PlatedFactor> {
  const factors = component.map(({ factor }) => factor);
  refuseImpossible(component, sumProduct(factors));
  const added = variables.map(neutral);
  const gradients = tf.grads((...tensors: tf.Tensor[]) =>
    totalOf([...factors, ...added.map((factor, i) => ({ ...factor, tensor: tensors[i] }))]),
  )(added.map(({ tensor }) => tensor));
  // Each sums to 1 but for rounding; to 0, and so to NaN here, where no value is possible.
  const probs = gradients.map((x) => tf.div(x, tf.sum(x, -1, true)));
  return new Map(variables.map((variable, i) => [variable, { ...added[i], tensor: probs[i] }]));
}

/** @returns site → probabilities [...batch, values], in the order of the site's support */
export function marginals(run: EnumeratedRun): Record<string, tf.Tensor> {
  const found = new Map<EnumeratedVariable, PlatedFactor>();
  for (const component of run.components) {
    const inside = new Set(component.flatMap(({ factor }) => variablesOf(factor)));
    marginalsIn(component, [...inside]).forEach((factor, variable) => found.set(variable, factor));
  }
  return bySite(run, (latent) => {
    const { variable } = latent;
    // A site with a single value is in no factor.
    const only = { tensor: tf.ones([1]), dims: [variable] };
    return toBatch(latent, found.get(variable) ?? only, [variable]);
  });
}
