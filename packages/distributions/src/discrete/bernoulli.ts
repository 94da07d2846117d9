import { lift, random, softplus, tf, xlog1py, xlogy } from '@pyro-ts/ops';
import { boolean } from '../constraints';
import { defineFamily } from '../family';
import { deriveOdds, failure, logFailure, logSuccess, probsOrLogits } from './odds';
import { onCounts } from './counts';

/** One yes (1) or no (0). */
export const Bernoulli = defineFamily({
  name: 'Bernoulli',
  description: 'Law of one trial: 1 with probability probs, else 0.',
  source: 'Johnson, Kemp & Kotz, Univariate Discrete Distributions (2005), ch. 3.',
  params: [probsOrLogits],
  derive: deriveOdds,
  support: boolean,
  sample: ({ probs }, { key, shape }) => random.bernoulli(key, probs, shape),
  logProb: (p, x) =>
    p.given('logits')
      ? tf.neg(softplus(tf.mul(tf.sub(1, tf.mul(x, 2)), p.logits)))
      : tf.add(xlogy(x, p.probs), xlog1py(tf.sub(1, x), tf.neg(p.probs))),
  mean: ({ probs }) => probs,
  variance: (p) => tf.mul(p.probs, failure(p)),
  mode: ({ probs }) => tf.cast(tf.greater(probs, 0.5), 'float32'),
  entropy: (p) => tf.neg(tf.add(tf.mul(p.probs, logSuccess(p)), tf.mul(failure(p), logFailure(p)))),
  cdf: (p, x) => onCounts(x, (k) => tf.where(tf.greaterEqual(k, 1), lift(1), failure(p))),
  enumerateSupport: () => lift([0, 1], 'int32'),
  supportLogProb: (p) => tf.stack([logFailure(p), logSuccess(p)]),
});
