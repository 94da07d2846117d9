import { erf, erfinv, logNdtr, random, tf } from '@pyro-ts/ops';
import { nonnegative, positive } from '../constraints';
import { defaulted, defineFamily } from '../family';
import { clampBelow } from './standardise';

export const HalfNormal = defineFamily({
  name: 'HalfNormal',
  description: 'Absolute value of a Normal(0, scale).',
  source: 'Johnson, Kotz & Balakrishnan, Continuous Univariate Distributions 1 (1994), ch. 13.',
  params: [defaulted('scale', positive, 1)],
  support: nonnegative,
  rsample: ({ scale }, { key, shape }) => tf.mul(scale, tf.abs(random.normal(key, shape))),
  logProb: ({ scale }, x) =>
    tf.sub(tf.mul(-0.5, tf.square(tf.div(x, scale))), tf.add(tf.log(scale), 0.5 * Math.log(Math.PI / 2))),
  mean: ({ scale }) => tf.mul(scale, Math.sqrt(2 / Math.PI)),
  mode: ({ scale }) => tf.zerosLike(scale),
  variance: ({ scale }) => tf.mul(tf.square(scale), 1 - 2 / Math.PI),
  entropy: ({ scale }) => tf.add(tf.log(scale), 0.5 * Math.log((Math.PI * Math.E) / 2)),
  cdf: ({ scale }, x) => erf(tf.mul(clampBelow(tf.div(x, scale)), Math.SQRT1_2)),
  logSurvival: ({ scale }, x) => tf.add(logNdtr(tf.neg(clampBelow(tf.div(x, scale)))), Math.LN2),
  icdf: ({ scale }, q) => tf.mul(tf.mul(scale, Math.SQRT2), erfinv(q)),
});
