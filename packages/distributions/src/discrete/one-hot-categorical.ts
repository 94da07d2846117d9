import { lift, random, tf } from '@pyro-ts/ops';
import { oneHot } from '../constraints';
import { defineFamily } from '../family';
import { choices, deriveWeights, entropyOf, lastFirst, logProbs, probabilities, weights } from './weights';

/** One of K choices, as a vector with a single 1. */
export const OneHotCategorical = defineFamily({
  name: 'OneHotCategorical',
  description: 'One of K choices as a vector with a single 1; probs and logits need not be normalised.',
  source: 'Johnson, Kotz & Balakrishnan, Discrete Multivariate Distributions (1997), ch. 35.',
  params: [weights],
  derive: deriveWeights,
  support: oneHot,
  eventShape: (shapes) => [choices(shapes)],
  sample: (p, { key, shape }) => {
    const chosen = random.categorical(key, logProbs(p), shape.slice(0, -1));
    return tf.oneHot(tf.cast(chosen, 'int32'), shape[shape.length - 1], 1, 0, 'int32');
  },
  logProb: (p, x) => tf.sum(tf.where(tf.equal(x, 1), logProbs(p), lift(0)), -1),
  mean: probabilities,
  variance: (p) => tf.mul(probabilities(p), tf.sub(1, probabilities(p))),
  mode: (p) => {
    const log = logProbs(p);
    return tf.oneHot(tf.argMax(log, -1), log.shape[log.rank - 1]);
  },
  entropy: (p) => entropyOf(logProbs(p)),
  enumerateSupport: (p) => {
    const { shape } = p.given('logits') ? p.logits : p.probs;
    return tf.cast(tf.eye(choices({ probs: shape })), 'int32');
  },
  supportLogProb: (p) => lastFirst(logProbs(p)),
});
