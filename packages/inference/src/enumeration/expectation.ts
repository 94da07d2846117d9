/** Expectations of costs over the choices of a guide. */
import type { EnumeratedVariable } from '@pyro-ts/core';
import { lift, tf } from '@pyro-ts/ops';
import { eliminate } from './eliminate';
import { aligned, product, productOver, variablesOf, type Dim, type Factor } from './factor';
import { weightsFor, type GuideWeight } from './guide-weights';
import { ordinalOf, union, without, type Ordinal } from './ordinal';
import type { PlatedFactor } from './sum-product';

/** A term of the objective: it counts once for each element of its plates. */
export interface Cost {
  /** Not a logarithm: the term itself, of either sign. */
  readonly factor: PlatedFactor;
  /** Plates over all elements of which it has taken products: it depends on the choices in all of them. */
  readonly multiplied: Ordinal;
  /** The choices that it can depend on: those before this one. */
  readonly before: number;
}

/** Σ over plates and over enumerated values of weight · cost: value and gradient of the expectation, or unbiased estimates. */
export function expectation(cost: Cost, all: readonly GuideWeight[]): tf.Tensor {
  const { factor, multiplied, before } = cost;
  const { ordinal } = factor;
  const reach = union([ordinal, multiplied]);
  const { needed, logRepeats } = weightsFor(all.slice(0, before), factor, reach);
  const inside = needed.map(({ factor: weight, site }) => ({
    ...productOver(weight, without(ordinalOf(site.condIndepStack), ordinal)),
  }));
  const repeats = lift(Math.exp(-logRepeats));
  const sum = needed.length === 0 ? sumAll(factor, ordinal) : weighted(factor, inside, needed, ordinal);
  return logRepeats === 0 ? sum : tf.mul(sum, repeats);
}

function weighted(
  cost: PlatedFactor,
  weights: readonly Factor[],
  needed: readonly GuideWeight[],
  ordinal: Ordinal,
): tf.Tensor {
  const kept = new Set(variablesOf(cost));
  const others = new Set<EnumeratedVariable>(weights.flatMap(variablesOf).filter((v) => !kept.has(v)));
  const weight = product(eliminate(weights, others));
  const dims: Dim[] = [...cost.dims, ...weight.dims.filter((dim) => !cost.dims.includes(dim))];
  const [logWeight, value] = [aligned(weight, dims), aligned(cost, dims)];
  const tensor = needed.some(({ isProbability }) => isProbability)
    ? timesProbability(logWeight, value)
    : tf.mul(tf.exp(logWeight), value);
  return sumAll({ tensor, dims }, ordinal);
}

/** Where the probability is 0 the cost does not count, be it infinite. */
function timesProbability(logWeight: tf.Tensor, value: tf.Tensor): tf.Tensor {
  const isNull = tf.equal(logWeight, -Infinity);
  const finite = tf.where(isNull, lift(0), logWeight);
  const cost = tf.where(isNull, lift(0), value);
  return tf.where(isNull, lift(0), tf.mul(tf.exp(finite), cost));
}

/** Over everything; a plate whose dim is missing counts all its elements. */
function sumAll(factor: Factor, ordinal: Ordinal): tf.Tensor {
  const { tensor } = productOver(factor, ordinal);
  return tensor.rank === 0 ? tensor : tf.sum(tensor);
}
