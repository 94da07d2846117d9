import { logdiffexp, logNdtr, lift, ndtri, random, tf } from '@pyro-ts/ops';
import { greaterThan, interval, positive, real, greaterThanEq, lessThanEq } from '../constraints';
import { defaulted, defineFamily, optional, type ParamView } from '../family';
import { standardise } from './standardise';

const params = [
  defaulted('loc', real, 0),
  defaulted('scale', positive, 1),
  optional('low', real),
  optional('high', ({ low }) => (low === undefined ? real : greaterThan(low))),
] as const;

type View = ParamView<typeof params>;

/**
 * The law in a mirror that puts it into the lower tail, where the normal cdf is small and exact: w = side · z runs from
 * `from` to `to`, at least one of them negative or absent.
 */
interface Mirrored {
  readonly side: tf.Tensor;
  readonly from: tf.Tensor | undefined;
  readonly to: tf.Tensor | undefined;
}

function mirror(p: View): Mirrored {
  const low = p.low && standardise(p, p.low);
  const high = p.high && standardise(p, p.high);
  if (low === undefined) return { side: lift(1), from: undefined, to: high };
  if (high === undefined) return { side: lift(-1), from: undefined, to: tf.neg(low) };
  const isUpper = tf.greater(low, 0);
  return {
    side: tf.where(isUpper, lift(-1), lift(1)),
    from: tf.where(isUpper, tf.neg(high), low),
    to: tf.where(isUpper, tf.neg(low), high),
  };
}

/** log P(from < w < to) of a standard normal w; a missing bound is infinite. */
function logMass(from: tf.Tensor | undefined, to: tf.Tensor | undefined): tf.Tensor {
  const above = to === undefined ? lift(0) : logNdtr(to);
  return from === undefined ? above : logdiffexp(above, logNdtr(from));
}

/** Standard normal density at a bound relative to the mass inside; 0 at a missing bound. */
const hazard = (bound: tf.Tensor | undefined, mass: tf.Tensor): tf.Tensor =>
  bound === undefined
    ? lift(0)
    : tf.exp(tf.sub(tf.mul(-0.5, tf.square(bound)), tf.add(mass, 0.5 * Math.log(2 * Math.PI))));

function mirroredMoments(p: View) {
  const { side, from, to } = mirror(p);
  const mass = logMass(from, to);
  const [start, end] = [hazard(from, mass), hazard(to, mass)];
  const mean = tf.sub(start, end);
  const slope = tf.sub(tf.mul(from ?? 0, start), tf.mul(to ?? 0, end));
  return { mean: tf.mul(side, mean), variance: tf.sub(tf.add(1, slope), tf.square(mean)), slope, mass };
}

function clampInto(w: tf.Tensor, { from, to }: Mirrored): tf.Tensor {
  const above = from === undefined ? w : tf.maximum(w, from);
  return to === undefined ? above : tf.minimum(above, to);
}

function quantile(p: View, q: tf.Tensor): tf.Tensor {
  const { side, from, to } = mirror(p);
  const share = tf.where(tf.greater(side, 0), q, tf.sub(1, q));
  const inside = tf.mul(share, tf.exp(logMass(from, to)));
  const w = ndtri(from === undefined ? inside : tf.add(tf.exp(logNdtr(from)), inside));
  return tf.add(p.loc, tf.mul(p.scale, tf.mul(side, w)));
}

export const TruncatedNormal = defineFamily({
  name: 'TruncatedNormal',
  description: 'Normal law given that it falls between low and high, either of which may be absent.',
  source: 'Johnson, Kotz & Balakrishnan, Continuous Univariate Distributions 1 (1994), ch. 13, section 10.1.',
  params,
  support: ({ low, high }) => {
    if (low === undefined) return high === undefined ? real : lessThanEq(high);
    return high === undefined ? greaterThanEq(low) : interval(low, high);
  },
  rsample: (p, { key, shape }) => quantile(p, random.openUniform(key, shape)),
  logProb: (p, x) => {
    const { from, to } = mirror(p);
    const normaliser = tf.add(tf.add(tf.log(p.scale), 0.5 * Math.log(2 * Math.PI)), logMass(from, to));
    return tf.sub(tf.mul(-0.5, tf.square(standardise(p, x))), normaliser);
  },
  mean: (p) => tf.add(p.loc, tf.mul(p.scale, mirroredMoments(p).mean)),
  variance: (p) => tf.mul(tf.square(p.scale), mirroredMoments(p).variance),
  mode: ({ loc, low, high }) => {
    const above = low === undefined ? loc : tf.maximum(loc, low);
    return high === undefined ? above : tf.minimum(above, high);
  },
  entropy: (p) => {
    const { slope, mass } = mirroredMoments(p);
    const whole = tf.add(tf.log(p.scale), 0.5 * Math.log(2 * Math.PI * Math.E));
    return tf.add(tf.add(whole, mass), tf.mul(0.5, slope));
  },
  cdf: (p, x) => {
    const bounds = mirror(p);
    const { side, from, to } = bounds;
    const w = clampInto(tf.mul(side, standardise(p, x)), bounds);
    const mass = logMass(from, to);
    const share = tf.where(tf.greater(side, 0), logMass(from, w), logMass(w, to));
    return tf.exp(tf.sub(share, mass));
  },
  icdf: quantile,
});
