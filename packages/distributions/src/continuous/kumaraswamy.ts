import { betaln, digamma, log1mexp, random, tf, xlogy } from '@pyro-ts/ops';
import { positive, unitInterval } from '../constraints';
import { defineFamily, param } from '../family';
import { clampToUnit, EULER_GAMMA } from './standardise';

/** log E[xⁿ] */
const momentLog = (a: tf.Tensor, b: tf.Tensor, n: number): tf.Tensor =>
  tf.add(tf.log(b), betaln(tf.add(1, tf.div(n, a)), b));

/** (1 − (1 − q)^(1/b))^(1/a) */
const quantile = (a: tf.Tensor, b: tf.Tensor, q: tf.Tensor): tf.Tensor =>
  tf.pow(tf.neg(tf.expm1(tf.div(tf.log1p(tf.neg(q)), b))), tf.reciprocal(a));

export const Kumaraswamy = defineFamily({
  name: 'Kumaraswamy',
  description: 'Law on the unit interval like the Beta, with a cdf in closed form.',
  source:
    'Jones, Kumaraswamy’s distribution: a beta-type distribution with some tractability advantages (2009).',
  params: [param('concentration1', positive), param('concentration0', positive)],
  support: unitInterval,
  rsample: ({ concentration1: a, concentration0: b }, { key, shape }) =>
    quantile(a, b, random.openUniform(key, shape)),
  logProb: ({ concentration1: a, concentration0: b }, x) => {
    const rest = tf.neg(tf.expm1(tf.mul(a, tf.log(x))));
    const powers = tf.add(xlogy(tf.sub(a, 1), x), xlogy(tf.sub(b, 1), rest));
    return tf.add(powers, tf.add(tf.log(a), tf.log(b)));
  },
  mean: ({ concentration1: a, concentration0: b }) => tf.exp(momentLog(a, b, 1)),
  mode: ({ concentration1: a, concentration0: b }) => {
    const interior = tf.pow(tf.div(tf.sub(a, 1), tf.sub(tf.mul(a, b), 1)), tf.reciprocal(a));
    const unimodal = tf.logicalAnd(tf.greaterEqual(a, 1), tf.greaterEqual(b, 1));
    return tf.where(unimodal, interior, tf.fill(interior.shape, NaN));
  },
  variance: ({ concentration1: a, concentration0: b }) => {
    const first = tf.mul(2, momentLog(a, b, 1));
    return tf.mul(tf.exp(first), tf.expm1(tf.sub(momentLog(a, b, 2), first)));
  },
  entropy: ({ concentration1: a, concentration0: b }) => {
    const harmonic = tf.add(digamma(tf.add(b, 1)), EULER_GAMMA);
    const shape = tf.add(tf.sub(1, tf.reciprocal(b)), tf.mul(tf.sub(1, tf.reciprocal(a)), harmonic));
    return tf.sub(shape, tf.add(tf.log(a), tf.log(b)));
  },
  cdf: ({ concentration1: a, concentration0: b }, x) =>
    tf.neg(tf.expm1(tf.mul(b, log1mexp(tf.mul(a, tf.log(clampToUnit(x))))))),
  logSurvival: ({ concentration1: a, concentration0: b }, x) =>
    tf.mul(b, log1mexp(tf.mul(a, tf.log(clampToUnit(x))))),
  icdf: ({ concentration1: a, concentration0: b }, q) => quantile(a, b, q),
});
