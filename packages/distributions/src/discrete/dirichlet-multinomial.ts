import { foldIn, random, stopGradient, tf } from '@pyro-ts/ops';
import { independent, multinomial, nonnegativeInteger, positive } from '../constraints';
import { defaulted, defineFamily, param } from '../family';
import { logNegativeBinomialMass } from '../numerics/negative-binomial-mass';

interface View {
  readonly concentration: tf.Tensor;
  readonly totalCount: tf.Tensor;
}

const shares = ({ concentration }: View): tf.Tensor => tf.div(concentration, tf.sum(concentration, -1, true));

/** Negative binomial counts with the same `p`, given their sum; see BetaBinomial. */
function logProb({ concentration, totalCount }: View, x: tf.Tensor): tf.Tensor {
  const a = tf.sum(concentration, -1);
  const p = stopGradient(tf.div(totalCount, tf.add(totalCount, a)));
  const q = stopGradient(tf.div(a, tf.add(totalCount, a)));
  const each = logNegativeBinomialMass(x, concentration, tf.expandDims(p, -1), tf.expandDims(q, -1));
  return tf.sub(tf.sum(each, -1), logNegativeBinomialMass(totalCount, a, p, q));
}

/** Multinomial counts whose probabilities are drawn from a Dirichlet. */
export const DirichletMultinomial = defineFamily({
  name: 'DirichletMultinomial',
  description: 'Multinomial counts whose probabilities are drawn from Dirichlet(concentration).',
  source: 'Johnson, Kotz & Balakrishnan, Discrete Multivariate Distributions (1997), ch. 35.13.',
  params: [
    param('concentration', independent(positive, 1), { guard: true }),
    defaulted('totalCount', nonnegativeInteger, 1),
  ],
  support: ({ totalCount }) => multinomial(totalCount),
  eventShape: ({ concentration }) => concentration.slice(-1),
  sample: ({ concentration, totalCount }, { key, shape }) => {
    const probs = random.dirichlet(foldIn(key, 'probs'), concentration, shape);
    return random.multinomial(foldIn(key, 'counts'), totalCount, probs, shape);
  },
  logProb,
  mean: (p) => tf.mul(tf.expandDims(p.totalCount, -1), shares(p)),
  variance: (p) => {
    const n = tf.expandDims(p.totalCount, -1);
    const a = tf.sum(p.concentration, -1, true);
    const probs = shares(p);
    const binomial = tf.mul(n, tf.mul(probs, tf.sub(1, probs)));
    return tf.mul(binomial, tf.div(tf.add(n, a), tf.add(1, a)));
  },
});
