/** What a variational objective is, and the arithmetic that all of them share. */
import type { Model } from '@pyro-ts/core';
import { foldIn, lift, stopGradient, tf, type RandomKey } from '@pyro-ts/ops';

/** A model and a guide with their parameters supplied, and what they are run on. */
export interface Problem<Args extends unknown[] = unknown[]> {
  readonly key: RandomKey;
  readonly model: Model<Args>;
  readonly guide: Model<Args>;
  readonly args: Args;
  /** Stands for the model and guide themselves, while `model` and `guide` are new wrappings of them at every step. */
  readonly identity: object;
}

/** A loss to minimise. */
export interface Elbo {
  readonly name: string;
  /**
   * −ELBO in nats, a scalar: an unbiased estimate, whose gradient is an unbiased estimate of the gradient.
   * Traceable: no tensor is read.
   * @throws {GuideError} if the guide does not fit the model
   */
  loss<Args extends unknown[]>(problem: Problem<Args>): tf.Tensor;
  /**
   * Looks at model and guide before the first step, with values to show in errors.
   * @returns what may be meant otherwise, as notes for the user
   */
  check?<Args extends unknown[]>(problem: Problem<Args>): readonly string[];
}

/** A scalar with the value of one estimate and the gradient of another. */
export const valueWithGradientOf = (value: tf.Tensor, surrogate: tf.Tensor): tf.Tensor =>
  tf.add(stopGradient(tf.sub(value, surrogate)), surrogate);

/** Sum of scalars; 0 for none. */
export const total = (terms: readonly tf.Tensor[]): tf.Tensor =>
  terms.length === 0 ? lift(0) : terms.reduce((a, b) => tf.add(a, b));

/** Mean over particles, each with a key of its own. */
export function meanOverParticles(
  key: RandomKey,
  numParticles: number,
  one: (key: RandomKey) => tf.Tensor,
): tf.Tensor {
  if (numParticles === 1) return one(key);
  const terms = Array.from({ length: numParticles }, (_, i) => one(foldIn(key, i)));
  return tf.div(total(terms), lift(numParticles));
}
