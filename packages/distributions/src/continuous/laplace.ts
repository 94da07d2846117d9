import { random, tf } from '@pyro-ts/ops';
import { real } from '../constraints';
import { defineFamily } from '../family';
import { locate, locationScale, nearerTail, standardise } from './standardise';

function standardQuantile(q: tf.Tensor): tf.Tensor {
  const { tail, upper } = nearerTail(q);
  const distance = tf.neg(tf.log(tf.mul(2, tail)));
  return tf.where(upper, distance, tf.neg(distance));
}

/** Mass beyond |z|. */
const tailMass = (z: tf.Tensor): tf.Tensor => tf.mul(0.5, tf.exp(tf.neg(tf.abs(z))));

export const Laplace = defineFamily({
  name: 'Laplace',
  description: 'Two exponential tails of the given scale back to back at loc.',
  source: 'Johnson, Kotz & Balakrishnan, Continuous Univariate Distributions 2 (1995), ch. 24.',
  params: locationScale,
  support: real,
  rsample: (p, { key, shape }) => locate(p, standardQuantile(random.openUniform(key, shape))),
  logProb: (p, x) => tf.neg(tf.add(tf.abs(standardise(p, x)), tf.add(tf.log(p.scale), Math.LN2))),
  mean: ({ loc }) => loc,
  mode: ({ loc }) => loc,
  variance: ({ scale }) => tf.mul(2, tf.square(scale)),
  entropy: ({ scale }) => tf.add(tf.log(scale), 1 + Math.LN2),
  cdf: (p, x) => {
    const z = standardise(p, x);
    return tf.where(tf.less(z, 0), tailMass(z), tf.sub(1, tailMass(z)));
  },
  logSurvival: (p, x) => {
    const z = standardise(p, x);
    const above = tf.neg(tf.add(tf.maximum(z, 0), Math.LN2));
    return tf.where(tf.greater(z, 0), above, tf.log1p(tf.neg(tailMass(z))));
  },
  icdf: (p, q) => locate(p, standardQuantile(q)),
});
