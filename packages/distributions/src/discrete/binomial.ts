import { betainc, lift, random, tf } from '@pyro-ts/ops';
import { integerInterval, nonnegativeInteger } from '../constraints';
import { defaulted, defineFamily } from '../family';
import { logBinomialMass } from '../numerics/gamma-density';
import { common, entropyOfCounts, largest, onCounts, upTo } from './counts';
import { beyondClip, clipped, deriveOdds, failure, probsOrLogits } from './odds';

/**
 * P(K ≤ k) = I_q(n − k, k + 1) = 1 − I_p(k + 1, n − k), 1 from k = n on. A rounding of q near 1 is magnified n times,
 * so from the mean of small p on the second form is taken.
 */
function cumulative(k: tf.Tensor, n: tf.Tensor, p: tf.Tensor, q: tf.Tensor): tf.Tensor {
  const isBelow = tf.less(k, n);
  const inside = tf.where(isBelow, k, lift(0));
  const [left, right] = [tf.where(isBelow, tf.sub(n, inside), lift(1)), tf.add(inside, 1)];
  const upper = tf.logicalAnd(tf.less(p, 0.5), tf.greaterEqual(right, tf.mul(n, p)));
  const below = tf.where(upper, tf.sub(1, betainc(right, left, p)), betainc(left, right, q));
  return tf.where(isBelow, below, lift(1));
}

/** Number of successes in `totalCount` trials. */
export const Binomial = defineFamily({
  name: 'Binomial',
  description: 'Number of successes in totalCount independent trials of probability probs.',
  source: 'Johnson, Kemp & Kotz, Univariate Discrete Distributions (2005), ch. 3; density by Loader (2000).',
  params: [defaulted('totalCount', nonnegativeInteger, 1), probsOrLogits],
  derive: deriveOdds,
  support: ({ totalCount }) => integerInterval(0, totalCount),
  sample: ({ totalCount, probs }, { key, shape }) => random.binomial(key, totalCount, probs, shape),
  logProb: (p, x) => {
    const mass = logBinomialMass(x, p.totalCount, ...clipped(p));
    return tf.add(mass, beyondClip(p, x, tf.sub(p.totalCount, x)));
  },
  mean: ({ totalCount, probs }) => tf.mul(totalCount, probs),
  variance: (p) => tf.mul(tf.mul(p.totalCount, p.probs), failure(p)),
  mode: ({ totalCount, probs }) => tf.minimum(tf.floor(tf.mul(tf.add(totalCount, 1), probs)), totalCount),
  entropy: (p) => {
    const { totalCount: n, probs } = p;
    const rank = Math.max(n.rank, probs.rank);
    return entropyOfCounts(largest('Binomial', 'totalCount', n), rank, (k) => {
      const inside = tf.lessEqual(k, n);
      return tf.where(inside, logBinomialMass(tf.minimum(k, n), n, probs, failure(p)), lift(-Infinity));
    });
  },
  cdf: (p, x) => onCounts(x, (k) => cumulative(k, p.totalCount, p.probs, failure(p))),
  enumerateSupport: ({ totalCount }) => upTo(common('Binomial', 'totalCount', totalCount)),
});
