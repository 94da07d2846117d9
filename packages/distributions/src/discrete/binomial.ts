import { betainc, lift, random, tf } from '@pyro-ts/ops';
import { integerInterval, nonnegativeInteger } from '../constraints';
import { defaulted, defineFamily } from '../family';
import { logBinomialMass } from '../numerics/gamma-density';
import { common, entropyOfCounts, largest, onCounts, upTo } from './counts';
import { beyondClip, clipped, deriveOdds, failure, probsOrLogits } from './odds';

/** P(K ≤ k) = I_q(n − k, k + 1); 1 from k = n on. */
function cumulative(k: tf.Tensor, n: tf.Tensor, q: tf.Tensor): tf.Tensor {
  const isBelow = tf.less(k, n);
  const inside = tf.where(isBelow, k, lift(0));
  return tf.where(
    isBelow,
    betainc(tf.where(isBelow, tf.sub(n, inside), lift(1)), tf.add(inside, 1), q),
    lift(1),
  );
}

/** Number of successes in `totalCount` trials. */
export const Binomial = defineFamily({
  name: 'Binomial',
  description: 'Number of successes in totalCount independent trials of probability probs.',
  source: 'Johnson, Kemp & Kotz, Univariate Discrete Distributions (2005), ch. 3; density by Loader (2000).',
  params: [defaulted('totalCount', nonnegativeInteger, 1, { guard: true }), probsOrLogits],
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
  cdf: (p, x) => onCounts(x, (k) => cumulative(k, p.totalCount, failure(p))),
  enumerateSupport: ({ totalCount }) => upTo(common('Binomial', 'totalCount', totalCount)),
});
