import { lgamma, random, tf, xlogy } from '@pyro-ts/ops';
import { nonnegative, positive } from '../constraints';
import { defineFamily, param } from '../family';
import { clampBelow, EULER_GAMMA } from './standardise';

const momentLog = (k: tf.Tensor, order: number): tf.Tensor => lgamma(tf.add(1, tf.div(order, k)));

export const Weibull = defineFamily({
  name: 'Weibull',
  description: 'Failure time whose hazard is a power of time.',
  source: 'Johnson, Kotz & Balakrishnan, Continuous Univariate Distributions 1 (1994), ch. 21.',
  params: [param('scale', positive), param('concentration', positive)],
  support: nonnegative,
  infinityIsOutside: true,
  rsample: ({ scale, concentration }, { key, shape }) =>
    tf.mul(scale, tf.pow(random.exponential(key, shape), tf.reciprocal(concentration))),
  logProb: ({ scale, concentration: k }, x) => {
    const t = tf.div(x, scale);
    return tf.add(tf.sub(xlogy(tf.sub(k, 1), t), tf.pow(t, k)), tf.sub(tf.log(k), tf.log(scale)));
  },
  mean: ({ scale, concentration }) => tf.mul(scale, tf.exp(momentLog(concentration, 1))),
  mode: ({ scale, concentration: k }) =>
    tf.mul(scale, tf.pow(clampBelow(tf.div(tf.sub(k, 1), k)), tf.reciprocal(k))),
  variance: ({ scale, concentration }) => {
    const first = tf.mul(2, momentLog(concentration, 1));
    return tf.mul(
      tf.square(scale),
      tf.mul(tf.exp(first), tf.expm1(tf.sub(momentLog(concentration, 2), first))),
    );
  },
  entropy: ({ scale, concentration: k }) =>
    tf.add(tf.mul(EULER_GAMMA, tf.sub(1, tf.reciprocal(k))), tf.add(tf.sub(tf.log(scale), tf.log(k)), 1)),
  cdf: ({ scale, concentration }, x) =>
    tf.neg(tf.expm1(tf.neg(tf.pow(clampBelow(tf.div(x, scale)), concentration)))),
  logSurvival: ({ scale, concentration }, x) => tf.neg(tf.pow(clampBelow(tf.div(x, scale)), concentration)),
  icdf: ({ scale, concentration }, q) =>
    tf.mul(scale, tf.pow(tf.neg(tf.log1p(tf.neg(q))), tf.reciprocal(concentration))),
});
