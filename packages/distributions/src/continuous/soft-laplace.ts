import { random, softplus, tf } from '@pyro-ts/ops';
import { real } from '../constraints';
import { defineFamily } from '../family';
import { locate, locationScale, nearerTail, standardise } from './standardise';

/** log tan(πq/2), from the nearer end. */
function standardQuantile(q: tf.Tensor): tf.Tensor {
  const { tail, upper } = nearerTail(q);
  const distance = tf.neg(tf.log(tf.tan(tf.mul(Math.PI / 2, tail))));
  return tf.where(upper, distance, tf.neg(distance));
}

export const SoftLaplace = defineFamily({
  name: 'SoftLaplace',
  description: 'Hyperbolic secant law: tails of a Laplace, but smooth at loc.',
  source: 'Johnson, Kotz & Balakrishnan, Continuous Univariate Distributions 2 (1995), ch. 23, section 11.',
  params: locationScale,
  support: real,
  rsample: (p, { key, shape }) => locate(p, standardQuantile(random.openUniform(key, shape))),
  logProb: (p, x) => {
    const distance = tf.abs(standardise(p, x));
    const tail = tf.add(distance, softplus(tf.mul(-2, distance)));
    return tf.neg(tf.add(tail, tf.add(tf.log(p.scale), Math.log(Math.PI / 2))));
  },
  mean: ({ loc }) => loc,
  mode: ({ loc }) => loc,
  variance: ({ scale }) => tf.mul(Math.PI ** 2 / 4, tf.square(scale)),
  entropy: ({ scale }) => tf.add(tf.log(scale), Math.log(2 * Math.PI)),
  cdf: (p, x) => tf.mul(2 / Math.PI, tf.atan(tf.exp(standardise(p, x)))),
  logSurvival: (p, x) => tf.log(tf.mul(2 / Math.PI, tf.atan(tf.exp(tf.neg(standardise(p, x)))))),
  icdf: (p, q) => locate(p, standardQuantile(q)),
});
