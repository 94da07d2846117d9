import { logNdtr, ndtr, ndtri, random, tf } from '@pyro-ts/ops';
import { positive, real } from '../constraints';
import { defaulted, defineFamily } from '../family';

const standardise = ({ loc, scale }: { loc: tf.Tensor; scale: tf.Tensor }, x: tf.Tensor): tf.Tensor =>
  tf.div(tf.sub(x, loc), scale);

/** Normal law with mean `loc` and standard deviation `scale`. */
export const Normal = defineFamily({
  name: 'Normal',
  description: 'Normal law with mean loc and standard deviation scale.',
  source: 'Johnson, Kotz & Balakrishnan, Continuous Univariate Distributions 1 (1994), ch. 13.',
  params: [defaulted('loc', real, 0), defaulted('scale', positive, 1)],
  support: real,
  rsample: ({ loc, scale }, { key, shape }) => tf.add(loc, tf.mul(scale, random.normal(key, shape))),
  logProb: (p, x) =>
    tf.sub(tf.mul(-0.5, tf.square(standardise(p, x))), tf.add(tf.log(p.scale), 0.5 * Math.log(2 * Math.PI))),
  mean: ({ loc }) => loc,
  mode: ({ loc }) => loc,
  variance: ({ scale }) => tf.square(scale),
  entropy: ({ scale }) => tf.add(tf.log(scale), 0.5 * Math.log(2 * Math.PI * Math.E)),
  cdf: (p, x) => ndtr(standardise(p, x)),
  logCdf: (p, x) => logNdtr(standardise(p, x)),
  logSurvival: (p, x) => logNdtr(tf.neg(standardise(p, x))),
  icdf: ({ loc, scale }, q) => tf.add(loc, tf.mul(scale, ndtri(q))),
});
