import { logNdtr, ndtr, ndtri, random, tf } from '@pyro-ts/ops';
import { positive } from '../constraints';
import { defineFamily } from '../family';
import { clampBelow, locate, locationScale, standardise } from './standardise';

export const LogNormal = defineFamily({
  name: 'LogNormal',
  description: 'exp of a Normal(loc, scale).',
  source: 'Johnson, Kotz & Balakrishnan, Continuous Univariate Distributions 1 (1994), ch. 14.',
  params: locationScale,
  support: positive,
  infinityIsOutside: true,
  rsample: (p, { key, shape }) => tf.exp(locate(p, random.normal(key, shape))),
  logProb: (p, x) => {
    const logX = tf.log(x);
    const constant = tf.add(tf.log(p.scale), 0.5 * Math.log(2 * Math.PI));
    return tf.sub(tf.mul(-0.5, tf.square(standardise(p, logX))), tf.add(logX, constant));
  },
  mean: ({ loc, scale }) => tf.exp(tf.add(loc, tf.mul(0.5, tf.square(scale)))),
  mode: ({ loc, scale }) => tf.exp(tf.sub(loc, tf.square(scale))),
  variance: ({ loc, scale }) => {
    const s2 = tf.square(scale);
    return tf.mul(tf.expm1(s2), tf.exp(tf.add(tf.mul(2, loc), s2)));
  },
  entropy: ({ loc, scale }) => tf.add(tf.add(loc, tf.log(scale)), 0.5 * Math.log(2 * Math.PI * Math.E)),
  cdf: (p, x) => ndtr(standardise(p, tf.log(clampBelow(x)))),
  logCdf: (p, x) => logNdtr(standardise(p, tf.log(clampBelow(x)))),
  logSurvival: (p, x) => logNdtr(tf.neg(standardise(p, tf.log(clampBelow(x))))),
  icdf: (p, q) => tf.exp(locate(p, ndtri(q))),
});
