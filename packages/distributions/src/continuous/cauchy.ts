import { random, tf } from '@pyro-ts/ops';
import { real } from '../constraints';
import { defineFamily } from '../family';
import { locate, locationScale, nearerTail, standardise } from './standardise';

/** tan(π(q − ½)), as a cotangent from the nearer end; tan(π/2) is finite in floating point. */
function standardQuantile(q: tf.Tensor): tf.Tensor {
  const { tail, upper } = nearerTail(q);
  const isTail = tf.less(tail, 0.25);
  const inTail = tf.reciprocal(tf.tan(tf.mul(Math.PI, tf.where(isTail, tail, tf.fill([], 0.25)))));
  const distance = tf.where(isTail, inTail, tf.tan(tf.mul(Math.PI, tf.sub(0.5, tail))));
  return tf.where(upper, distance, tf.neg(distance));
}

export const Cauchy = defineFamily({
  name: 'Cauchy',
  description: 'Ratio of two normal variables: no mean, no variance.',
  source: 'Johnson, Kotz & Balakrishnan, Continuous Univariate Distributions 1 (1994), ch. 16.',
  params: locationScale,
  support: real,
  rsample: (p, { key, shape }) => locate(p, standardQuantile(random.openUniform(key, shape))),
  logProb: (p, x) =>
    tf.neg(tf.add(tf.log1p(tf.square(standardise(p, x))), tf.add(tf.log(p.scale), Math.log(Math.PI)))),
  mean: ({ loc }) => tf.fill(loc.shape, NaN),
  mode: ({ loc }) => loc,
  variance: ({ scale }) => tf.fill(scale.shape, NaN),
  entropy: ({ scale }) => tf.add(tf.log(scale), Math.log(4 * Math.PI)),
  // The angle of (−z, 1): exact in both tails, where ½ + atan(z)/π is not.
  cdf: (p, x) => tf.div(tf.atan2(tf.onesLike(x), tf.neg(standardise(p, x))), Math.PI),
  logSurvival: (p, x) => tf.log(tf.div(tf.atan2(tf.onesLike(x), standardise(p, x)), Math.PI)),
  icdf: (p, q) => locate(p, standardQuantile(q)),
});
