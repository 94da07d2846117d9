import { foldIn, random, stopGradient, tf } from '@pyro-ts/ops';
import { integerInterval, nonnegativeInteger, positive } from '../constraints';
import { defaulted, defineFamily, param } from '../family';
import { logNegativeBinomialMass } from '../numerics/negative-binomial-mass';
import { common, upTo } from './counts';

interface View {
  readonly concentration1: tf.Tensor;
  readonly concentration0: tf.Tensor;
  readonly totalCount: tf.Tensor;
}

const total = (p: View): tf.Tensor => tf.add(p.concentration1, p.concentration0);
const mean = (p: View): tf.Tensor => tf.div(tf.mul(p.totalCount, p.concentration1), total(p));

/**
 * Two negative binomial counts with the same `p`, given their sum: true for every p, and free of cancellation for the p
 * that makes the sum likely. (Its gradient in p is zero.)
 */
function logProb(v: View, x: tf.Tensor): tf.Tensor {
  const a = total(v);
  const p = stopGradient(tf.div(v.totalCount, tf.add(v.totalCount, a)));
  const q = stopGradient(tf.div(a, tf.add(v.totalCount, a)));
  const successes = logNegativeBinomialMass(x, v.concentration1, p, q);
  const failures = logNegativeBinomialMass(tf.sub(v.totalCount, x), v.concentration0, p, q);
  return tf.sub(tf.add(successes, failures), logNegativeBinomialMass(v.totalCount, a, p, q));
}

/** Binomial count whose success probability is drawn from a Beta. */
export const BetaBinomial = defineFamily({
  name: 'BetaBinomial',
  description: 'Binomial count whose success probability is drawn from Beta(concentration1, concentration0).',
  source: 'Johnson, Kemp & Kotz, Univariate Discrete Distributions (2005), ch. 6.',
  params: [
    param('concentration1', positive, { guard: true }),
    param('concentration0', positive, { guard: true }),
    defaulted('totalCount', nonnegativeInteger, 1),
  ],
  support: ({ totalCount }) => integerInterval(0, totalCount),
  sample: ({ concentration1, concentration0, totalCount }, { key, shape }) => {
    const probs = random.beta(foldIn(key, 'probs'), concentration1, concentration0, shape);
    return random.binomial(foldIn(key, 'count'), totalCount, probs, shape);
  },
  logProb,
  mean,
  variance: (p) => {
    const a = total(p);
    const spread = tf.div(tf.add(a, p.totalCount), tf.add(a, 1));
    return tf.mul(tf.mul(mean(p), tf.div(p.concentration0, a)), spread);
  },
  enumerateSupport: ({ totalCount }) => upTo(common('BetaBinomial', 'totalCount', totalCount)),
});
