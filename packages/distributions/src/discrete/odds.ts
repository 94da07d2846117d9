/** The parameters `probs | logits` of a yes or no, and both logarithms without cancellation. */
import { lift, softplus, tf } from '@pyro-ts/ops';
import { real, unitInterval } from '../constraints';
import { oneOf, param } from '../family';

export const probsOrLogits = oneOf(param('probs', unitInterval, { guard: true }), param('logits', real));

export interface Odds {
  readonly probs: tf.Tensor;
  readonly logits: tf.Tensor;
  readonly given: (name: 'probs' | 'logits') => boolean;
}

/** Each of the two in terms of the other. */
export const deriveOdds = {
  probs: ({ logits }: Odds): tf.Tensor => tf.sigmoid(logits),
  logits: ({ probs }: Odds): tf.Tensor => tf.sub(tf.log(probs), tf.log1p(tf.neg(probs))),
};

/** 1 − probs, exact in the tail of large logits. */
export const failure = (p: Odds): tf.Tensor =>
  p.given('logits') ? tf.sigmoid(tf.neg(p.logits)) : tf.sub(1, p.probs);

export const logSuccess = (p: Odds): tf.Tensor =>
  p.given('logits') ? tf.neg(softplus(tf.neg(p.logits))) : tf.log(p.probs);

export const logFailure = (p: Odds): tf.Tensor =>
  p.given('logits') ? tf.neg(softplus(p.logits)) : tf.log1p(tf.neg(p.probs));

/** Beyond, probs would underflow: σ(−746) = 0. */
const FAR = 600;

/** Success and failure probabilities of the logits clipped to ±600, where neither underflows. */
export function clipped(p: Odds): readonly [probs: tf.Tensor, failure: tf.Tensor] {
  if (!p.given('logits')) return [p.probs, failure(p)];
  const logits = tf.clipByValue(p.logits, -FAR, FAR);
  return [tf.sigmoid(logits), tf.sigmoid(tf.neg(logits))];
}

/** What a log probability of so many successes and failures still lacks after clipping: log σ is linear out there. */
export function beyondClip(p: Odds, successes: tf.Tensor, failures: tf.Tensor): tf.Tensor {
  if (!p.given('logits')) return lift(0);
  const below = tf.mul(successes, tf.relu(tf.sub(-FAR, p.logits)));
  return tf.neg(tf.add(below, tf.mul(failures, tf.relu(tf.sub(p.logits, FAR)))));
}
