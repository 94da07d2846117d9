import { betainc, foldIn, random, tf, type RandomKey, type Shape } from '@pyro-ts/ops';
import { nonnegativeInteger, positive } from '../constraints';
import { defineFamily, param } from '../family';
import { logNegativeBinomialMass, logNegativeBinomialMassOfLogits } from '../numerics/negative-binomial-mass';
import { onCounts } from './counts';
import { deriveOdds, failure, probsOrLogits } from './odds';

/** A Poisson draw whose rate is odds · Gamma(r, 1). */
export function drawGammaPoisson(key: RandomKey, r: tf.Tensor, odds: tf.Tensor, shape: Shape): tf.Tensor {
  const rate = tf.mul(random.gamma(foldIn(key, 'rate'), r, shape), odds);
  return random.poisson(foldIn(key, 'count'), rate, shape);
}

/** Number of successes of probability `probs` before the `totalCount`-th failure, as in PyTorch and Pyro. */
export const NegativeBinomial = defineFamily({
  name: 'NegativeBinomial',
  description:
    'Number of successes of probability probs before the totalCount-th failure; totalCount may be any positive real.',
  source: 'Johnson, Kemp & Kotz, Univariate Discrete Distributions (2005), ch. 5; density by Loader (2000).',
  params: [param('totalCount', positive, { guard: true }), probsOrLogits],
  derive: deriveOdds,
  support: nonnegativeInteger,
  infinityIsOutside: true,
  sample: (p, { key, shape }) => drawGammaPoisson(key, p.totalCount, tf.div(p.probs, failure(p)), shape),
  logProb: (p, x) =>
    p.given('logits')
      ? logNegativeBinomialMassOfLogits(x, p.totalCount, p.logits)
      : logNegativeBinomialMass(x, p.totalCount, p.probs, failure(p)),
  mean: (p) => tf.div(tf.mul(p.totalCount, p.probs), failure(p)),
  variance: (p) => tf.div(tf.mul(p.totalCount, p.probs), tf.square(failure(p))),
  mode: (p) => tf.floor(tf.maximum(0, tf.div(tf.mul(tf.sub(p.totalCount, 1), p.probs), failure(p)))),
  cdf: (p, x) => onCounts(x, (k) => betainc(p.totalCount, tf.add(k, 1), failure(p))),
});
