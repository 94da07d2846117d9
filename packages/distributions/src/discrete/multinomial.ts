import { lgamma, lift, random, tf } from '@pyro-ts/ops';
import { multinomial, nonnegativeInteger } from '../constraints';
import { defaulted, defineFamily } from '../family';
import { logBinomialMass, logPoissonMass } from '../numerics/gamma-density';
import { largest, upTo } from './counts';
import { choices, deriveWeights, entropyOf, logProbs, probabilities, weights, type Weights } from './weights';

interface View extends Weights {
  readonly totalCount: tf.Tensor;
}

/** Smaller probabilities are taken for e^−600 and corrected by the logarithm that they lack. */
const FAR = -600;

/** Poisson counts given their sum: Π Poisson(kᵢ; n pᵢ) / Poisson(n; n). */
function logProb(v: View, x: tf.Tensor): tf.Tensor {
  const log = logProbs(v);
  const n = tf.expandDims(v.totalCount, -1);
  const counts = logPoissonMass(x, tf.mul(n, tf.exp(tf.maximum(log, FAR))));
  const lacking = tf.mul(x, tf.where(tf.greater(x, 0), tf.minimum(tf.sub(log, FAR), 0), lift(0)));
  return tf.sub(tf.sum(tf.add(counts, lacking), -1), logPoissonMass(v.totalCount, v.totalCount));
}

/** n H(p) − log n! + Σᵢ E log kᵢ!, each kᵢ being binomial. */
function entropy(v: View): tf.Tensor {
  const log = logProbs(v);
  const n = tf.expandDims(v.totalCount, -1);
  const top = largest('Multinomial', 'totalCount', v.totalCount);
  const rank = Math.max(n.rank, log.rank);
  const k = tf.reshape(tf.cast(upTo(top), 'float32'), [top + 1, ...Array.from({ length: rank }, () => 1)]);
  const p = tf.exp(log);
  const mass = tf.exp(logBinomialMass(tf.minimum(k, n), n, p, tf.sub(1, p)));
  const expected = tf.where(tf.lessEqual(k, n), tf.mul(mass, lgamma(tf.add(k, 1))), lift(0));
  const coefficients = tf.sub(tf.sum(expected, [0, -1]), lgamma(tf.add(v.totalCount, 1)));
  return tf.add(tf.mul(v.totalCount, entropyOf(log)), coefficients);
}

/** How often each of K outcomes occurs in `totalCount` trials. */
export const Multinomial = defineFamily({
  name: 'Multinomial',
  description:
    'How often each of K outcomes occurs in totalCount trials; probs and logits need not be normalised.',
  source: 'Johnson, Kotz & Balakrishnan, Discrete Multivariate Distributions (1997), ch. 35.',
  params: [defaulted('totalCount', nonnegativeInteger, 1), weights],
  derive: deriveWeights,
  support: ({ totalCount }) => multinomial(totalCount),
  eventShape: (shapes) => [choices(shapes)],
  sample: (p, { key, shape }) => random.multinomial(key, p.totalCount, probabilities(p), shape),
  logProb,
  mean: (p) => tf.mul(tf.expandDims(p.totalCount, -1), probabilities(p)),
  variance: (p) => {
    const probs = probabilities(p);
    return tf.mul(tf.expandDims(p.totalCount, -1), tf.mul(probs, tf.sub(1, probs)));
  },
  entropy,
});
