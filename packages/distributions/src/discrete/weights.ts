/** The parameters `probs | logits` of a choice among K, along the last dimension; neither need be normalised. */
import { lift, sizeOf, tf } from '@pyro-ts/ops';
import { defineConstraint, independent, nonnegative } from '../constraints';
import { oneOf, param } from '../family';

/** −∞ is a weight of 0; NaN and +∞ are none. */
const logWeights = defineConstraint({
  name: 'logWeights',
  eventDim: 1,
  check: (x) => tf.all(tf.less(x, Infinity), -1),
  feasibleLike: (prototype) => tf.zerosLike(prototype),
});

export const weights = oneOf(
  param('probs', independent(nonnegative, 1), { guard: true }),
  param('logits', logWeights),
);

export interface Weights {
  readonly probs: tf.Tensor;
  readonly logits: tf.Tensor;
  readonly given: (name: 'probs' | 'logits') => boolean;
}

/** log of the probabilities, normalised; −∞ where one is 0. */
export const logProbs = (p: Weights): tf.Tensor =>
  p.given('logits') ? tf.logSoftmax(p.logits) : tf.log(normalised(p.probs));

const normalised = (probs: tf.Tensor): tf.Tensor => tf.div(probs, tf.sum(probs, -1, true));

/** The last dimension moved to the front: [...batch, K] → [K, ...batch]. */
export function lastFirst(table: tf.Tensor): tf.Tensor {
  if (table.rank === 1) return table;
  return tf.transpose(table, [table.rank - 1, ...Array.from({ length: table.rank - 1 }, (_, i) => i)]);
}

/** The probabilities, normalised. */
export const probabilities = (p: Weights): tf.Tensor =>
  p.given('logits') ? tf.softmax(p.logits) : normalised(p.probs);

/** Each of the two in terms of the other. */
export const deriveWeights = {
  probs: ({ logits }: Weights): tf.Tensor => tf.softmax(logits),
  logits: ({ probs }: Weights): tf.Tensor => tf.log(normalised(probs)),
};

/** How many choices there are, from the shapes of the parameters. */
export function choices(shapes: {
  readonly probs?: readonly number[] | undefined;
  readonly logits?: readonly number[] | undefined;
}): number {
  return (shapes.probs ?? shapes.logits ?? []).at(-1) ?? 0;
}

/** −Σ p log p over the last dimension, 0 log 0 being 0. */
export function entropyOf(log: tf.Tensor): tf.Tensor {
  const isNull = tf.equal(log, -Infinity);
  const finite = tf.where(isNull, lift(0), log);
  return tf.neg(tf.sum(tf.where(isNull, lift(0), tf.mul(tf.exp(finite), finite)), -1));
}

/**
 * Entries of `table` [...batch, K] at integer positions [...sample, ...batch], one gather whatever broadcasts:
 * batch dimensions of the table are never repeated.
 */
export function pick(table: tf.Tensor, positions: tf.Tensor): tf.Tensor {
  const count = table.shape[table.rank - 1];
  const batch = table.shape.slice(0, -1);
  const starts = Int32Array.from({ length: sizeOf(batch) }, (_, i) => i * count);
  const at = tf.add(tf.cast(positions, 'int32'), lift({ data: starts, shape: batch, dtype: 'int32' }));
  return tf.gather(tf.reshape(table, [-1]), at);
}
