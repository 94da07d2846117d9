import { random, tf } from '@pyro-ts/ops';
import { nonnegative, positive } from '../constraints';
import { defaulted, defineFamily } from '../family';
import { clampBelow } from './standardise';

export const Exponential = defineFamily({
  name: 'Exponential',
  description: 'Waiting time at a constant rate.',
  source: 'Johnson, Kotz & Balakrishnan, Continuous Univariate Distributions 1 (1994), ch. 19.',
  params: [defaulted('rate', positive, 1)],
  support: nonnegative,
  rsample: ({ rate }, { key, shape }) => tf.div(random.exponential(key, shape), rate),
  logProb: ({ rate }, x) => tf.sub(tf.log(rate), tf.mul(rate, x)),
  mean: ({ rate }) => tf.reciprocal(rate),
  mode: ({ rate }) => tf.zerosLike(rate),
  variance: ({ rate }) => tf.square(tf.reciprocal(rate)),
  entropy: ({ rate }) => tf.sub(1, tf.log(rate)),
  cdf: ({ rate }, x) => tf.neg(tf.expm1(tf.neg(tf.mul(rate, clampBelow(x))))),
  logSurvival: ({ rate }, x) => tf.neg(tf.mul(rate, clampBelow(x))),
  icdf: ({ rate }, q) => tf.neg(tf.div(tf.log1p(tf.neg(q)), rate)),
});
