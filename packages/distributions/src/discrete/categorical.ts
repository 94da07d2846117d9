import { random, tf } from '@pyro-ts/ops';
import { integerInterval } from '../constraints';
import { defineFamily } from '../family';
import { upTo } from './counts';
import { choices, deriveWeights, lastFirst, entropyOf, logProbs, pick, weights } from './weights';

/** One of K choices, by its number 0 … K − 1. */
export const Categorical = defineFamily({
  name: 'Categorical',
  description: 'The number of one of K choices; probs and logits need not be normalised.',
  source: 'Johnson, Kotz & Balakrishnan, Discrete Multivariate Distributions (1997), ch. 35.',
  params: [weights],
  derive: deriveWeights,
  support: (p) => integerInterval(0, p.given('logits') ? last(p.logits) : last(p.probs)),
  sample: (p, { key, shape }) => random.categorical(key, logProbs(p), shape),
  logProb: (p, x) => pick(logProbs(p), x),
  mode: (p) => tf.argMax(logProbs(p), -1),
  entropy: (p) => entropyOf(logProbs(p)),
  enumerateSupport: (p) => upTo(p.given('logits') ? last(p.logits) : last(p.probs)),
  supportLogProb: (p) => lastFirst(logProbs(p)),
});

const last = (x: tf.Tensor): number => choices({ probs: x.shape }) - 1;
