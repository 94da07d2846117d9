import { random, softplus, tf, xlog1py } from '@pyro-ts/ops';
import { nonnegativeInteger } from '../constraints';
import { defineFamily } from '../family';
import { onCounts } from './counts';
import { deriveOdds, failure, logFailure, logSuccess, probsOrLogits, type Odds } from './odds';

/** Draws are int32. */
const LARGEST = 0x7fffffff;

/** E[K] = q/p = exp(−logit) */
const mean = (p: Odds): tf.Tensor =>
  p.given('logits') ? tf.exp(tf.neg(p.logits)) : tf.div(failure(p), p.probs);

/** Number of failures before the first success. */
export const Geometric = defineFamily({
  name: 'Geometric',
  description: 'Number of failures before the first success in trials of probability probs.',
  source: 'Johnson, Kemp & Kotz, Univariate Discrete Distributions (2005), ch. 5.',
  params: [probsOrLogits],
  derive: deriveOdds,
  support: nonnegativeInteger,
  infinityIsOutside: true,
  sample: (p, { key, shape }) => {
    const waiting = tf.floor(tf.div(tf.log(random.openUniform(key, shape)), logFailure(p)));
    return tf.cast(tf.minimum(waiting, LARGEST), 'int32');
  },
  logProb: (p, x) =>
    p.given('logits')
      ? tf.neg(tf.add(softplus(tf.neg(p.logits)), tf.mul(x, softplus(p.logits))))
      : tf.add(tf.log(p.probs), xlog1py(x, tf.neg(p.probs))),
  mean,
  variance: (p) => tf.div(mean(p), p.probs),
  mode: ({ probs }) => tf.zerosLike(probs),
  entropy: (p) => tf.neg(tf.add(logSuccess(p), tf.mul(mean(p), logFailure(p)))),
  cdf: (p, x) => onCounts(x, (k) => tf.neg(tf.expm1(tf.mul(tf.add(k, 1), logFailure(p))))),
});
