import { logNdtr, ndtr, ndtri, random, tf } from '@pyro-ts/ops';
import { real } from '../constraints';
import { defineFamily } from '../family';
import { locate, locationScale, standardise } from './standardise';

export const Normal = defineFamily({
  name: 'Normal',
  description: 'Normal law with mean loc and standard deviation scale.',
  source: 'Johnson, Kotz & Balakrishnan, Continuous Univariate Distributions 1 (1994), ch. 13.',
  params: locationScale,
  support: real,
  rsample: (p, { key, shape }) => locate(p, random.normal(key, shape)),
  logProb: (p, x) =>
    tf.sub(tf.mul(-0.5, tf.square(standardise(p, x))), tf.add(tf.log(p.scale), 0.5 * Math.log(2 * Math.PI))),
  mean: ({ loc }) => loc,
  mode: ({ loc }) => loc,
  variance: ({ scale }) => tf.square(scale),
  entropy: ({ scale }) => tf.add(tf.log(scale), 0.5 * Math.log(2 * Math.PI * Math.E)),
  cdf: (p, x) => ndtr(standardise(p, x)),
  logCdf: (p, x) => logNdtr(standardise(p, x)),
  logSurvival: (p, x) => logNdtr(tf.neg(standardise(p, x))),
  icdf: (p, q) => locate(p, ndtri(q)),
});
