import { random, tf } from '@pyro-ts/ops';
import { nonnegative, positive } from '../constraints';
import { defaulted, defineFamily } from '../family';
import { clampBelow, nearerTail } from './standardise';

/** tan(πq/2), as a cotangent in the upper half. */
function standardQuantile(q: tf.Tensor): tf.Tensor {
  const { tail, upper } = nearerTail(q);
  const tangent = tf.tan(tf.mul(Math.PI / 2, tail));
  return tf.where(upper, tf.reciprocal(tangent), tangent);
}

export const HalfCauchy = defineFamily({
  name: 'HalfCauchy',
  description: 'Absolute value of a Cauchy(0, scale).',
  source: 'Gelman, Prior distributions for variance parameters in hierarchical models (2006).',
  params: [defaulted('scale', positive, 1)],
  support: nonnegative,
  rsample: ({ scale }, { key, shape }) => tf.mul(scale, standardQuantile(random.openUniform(key, shape))),
  logProb: ({ scale }, x) =>
    tf.neg(tf.add(tf.log1p(tf.square(tf.div(x, scale))), tf.add(tf.log(scale), Math.log(Math.PI / 2)))),
  mean: ({ scale }) => tf.fill(scale.shape, Infinity),
  mode: ({ scale }) => tf.zerosLike(scale),
  variance: ({ scale }) => tf.fill(scale.shape, Infinity),
  entropy: ({ scale }) => tf.add(tf.log(scale), Math.log(2 * Math.PI)),
  cdf: ({ scale }, x) => tf.mul(2 / Math.PI, tf.atan(clampBelow(tf.div(x, scale)))),
  logSurvival: ({ scale }, x) =>
    tf.log(tf.mul(2 / Math.PI, tf.atan2(tf.onesLike(x), clampBelow(tf.div(x, scale))))),
  icdf: ({ scale }, q) => tf.mul(scale, standardQuantile(q)),
});
