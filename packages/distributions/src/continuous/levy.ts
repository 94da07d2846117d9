import { erf, erfc, erfcinv, random, tf } from '@pyro-ts/ops';
import { greaterThan, positive, real } from '../constraints';
import { defineFamily, param } from '../family';
import { clampBelow, EULER_GAMMA, locate, standardise, type LocationScale } from './standardise';

/** √(scale / 2(x − loc)); ∞ at loc and below. */
const root = (p: LocationScale, x: tf.Tensor): tf.Tensor =>
  tf.sqrt(tf.div(0.5, clampBelow(standardise(p, x))));

const quantile = (p: LocationScale, q: tf.Tensor): tf.Tensor => locate(p, tf.div(0.5, tf.square(erfcinv(q))));

export const Levy = defineFamily({
  name: 'Levy',
  description: 'First passage time of a Brownian motion: a stable law without a mean.',
  source: 'Nolan, Univariate Stable Distributions (2020), section 1.1.',
  params: [param('loc', real), param('scale', positive)],
  support: ({ loc }) => greaterThan(loc),
  rsample: (p, { key, shape }) => quantile(p, random.openUniform(key, shape)),
  logProb: (p, x) => {
    const z = standardise(p, x);
    const powers = tf.add(tf.mul(1.5, tf.log(z)), tf.div(0.5, z));
    return tf.neg(tf.add(powers, tf.add(tf.log(p.scale), 0.5 * Math.log(2 * Math.PI))));
  },
  mean: ({ loc }) => tf.fill(loc.shape, Infinity),
  mode: ({ loc, scale }) => tf.add(loc, tf.div(scale, 3)),
  variance: ({ loc }) => tf.fill(loc.shape, Infinity),
  entropy: ({ scale }) => tf.add(tf.log(scale), 0.5 * (1 + 3 * EULER_GAMMA + Math.log(16 * Math.PI))),
  cdf: (p, x) => erfc(root(p, x)),
  logSurvival: (p, x) => tf.log(erf(root(p, x))),
  icdf: quantile,
});
