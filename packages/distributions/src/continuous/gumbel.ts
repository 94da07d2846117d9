import { random, tf } from '@pyro-ts/ops';
import { real } from '../constraints';
import { defineFamily } from '../family';
import { EULER_GAMMA, locate, locationScale, standardise } from './standardise';

const standardQuantile = (q: tf.Tensor): tf.Tensor => tf.neg(tf.log(tf.neg(tf.log(q))));

export const Gumbel = defineFamily({
  name: 'Gumbel',
  description: 'Limit law of maxima of light-tailed variables.',
  source: 'Johnson, Kotz & Balakrishnan, Continuous Univariate Distributions 2 (1995), ch. 22.',
  params: locationScale,
  support: real,
  infinityIsOutside: true,
  rsample: (p, { key, shape }) => locate(p, standardQuantile(random.openUniform(key, shape))),
  logProb: (p, x) => {
    const z = standardise(p, x);
    return tf.neg(tf.add(tf.add(z, tf.exp(tf.neg(z))), tf.log(p.scale)));
  },
  mean: ({ loc, scale }) => tf.add(loc, tf.mul(EULER_GAMMA, scale)),
  mode: ({ loc }) => loc,
  variance: ({ scale }) => tf.mul(Math.PI ** 2 / 6, tf.square(scale)),
  entropy: ({ scale }) => tf.add(tf.log(scale), 1 + EULER_GAMMA),
  cdf: (p, x) => tf.exp(tf.neg(tf.exp(tf.neg(standardise(p, x))))),
  logCdf: (p, x) => tf.neg(tf.exp(tf.neg(standardise(p, x)))),
  logSurvival: (p, x) => tf.log(tf.neg(tf.expm1(tf.neg(tf.exp(tf.neg(standardise(p, x))))))),
  icdf: (p, q) => locate(p, standardQuantile(q)),
});
