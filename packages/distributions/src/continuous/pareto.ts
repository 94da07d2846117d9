import { random, tf } from '@pyro-ts/ops';
import { greaterThanEq, positive } from '../constraints';
import { defineFamily, param } from '../family';
import { clampBelow, momentIf } from './standardise';

/** log(x / scale), exact for x just above the scale. */
const logExcess = (scale: tf.Tensor, x: tf.Tensor): tf.Tensor =>
  tf.log1p(clampBelow(tf.div(tf.sub(x, scale), scale)));

export const Pareto = defineFamily({
  name: 'Pareto',
  description: 'Power law above scale with exponent alpha.',
  source: 'Johnson, Kotz & Balakrishnan, Continuous Univariate Distributions 1 (1994), ch. 20.',
  params: [param('scale', positive, { guard: true }), param('alpha', positive)],
  support: ({ scale }) => greaterThanEq(scale),
  rsample: ({ scale, alpha }, { key, shape }) =>
    tf.mul(scale, tf.exp(tf.div(random.exponential(key, shape), alpha))),
  logProb: ({ scale, alpha }, x) =>
    tf.sub(tf.sub(tf.log(alpha), tf.log(x)), tf.mul(alpha, logExcess(scale, x))),
  mean: ({ scale, alpha }) => momentIf(tf.greater(alpha, 1), tf.mul(scale, tf.div(alpha, tf.sub(alpha, 1)))),
  mode: ({ scale }) => scale,
  variance: ({ scale, alpha }) => {
    const finite = tf.div(tf.mul(tf.square(tf.div(scale, tf.sub(alpha, 1))), alpha), tf.sub(alpha, 2));
    return momentIf(tf.greater(alpha, 2), finite);
  },
  entropy: ({ scale, alpha }) =>
    tf.add(tf.sub(tf.log(scale), tf.log(alpha)), tf.add(tf.reciprocal(alpha), 1)),
  cdf: ({ scale, alpha }, x) => tf.neg(tf.expm1(tf.neg(tf.mul(alpha, logExcess(scale, x))))),
  logSurvival: ({ scale, alpha }, x) => tf.neg(tf.mul(alpha, logExcess(scale, x))),
  icdf: ({ scale, alpha }, q) => tf.mul(scale, tf.exp(tf.neg(tf.div(tf.log1p(tf.neg(q)), alpha)))),
});
