import { betainc, betaln, lift, random, split, tf } from '@pyro-ts/ops';
import { positive, real } from '../constraints';
import { defaulted, defineFamily, param } from '../family';
import { studentQuantile } from '../numerics/quantile';
import { digammaError } from '../numerics/stirling';
import { locate, standardise } from './standardise';

/**
 * Mass beyond |z| on one side: ½ I_{df/(df+z²)}(df/2, ½), or ½ − ½ I_{z²/(df+z²)}(½, df/2) near the middle, where the
 * first argument rounds to 1. "Near" reaches further for a large df, whose power magnifies that rounding.
 */
function tailMass(df: tf.Tensor, z: tf.Tensor): tf.Tensor {
  const squared = tf.square(z);
  const isCentral = tf.less(squared, tf.add(1, tf.mul(2, tf.log1p(df))));
  const half = tf.mul(0.5, df);
  const outer = tf.where(isCentral, lift(1), squared);
  const inner = tf.where(isCentral, squared, lift(1));
  const beyond = betainc(half, 0.5, tf.div(df, tf.add(df, outer)));
  const within = betainc(0.5, half, tf.div(inner, tf.add(df, inner)));
  return tf.mul(0.5, tf.where(isCentral, tf.sub(1, within), beyond));
}

/** digamma((df + 1)/2) − digamma(df/2), which for large df is about 1/df. */
function digammaStep(df: tf.Tensor): tf.Tensor {
  const [low, high] = [tf.mul(0.5, df), tf.mul(0.5, tf.add(df, 1))];
  const leading = tf.add(
    tf.log1p(tf.reciprocal(df)),
    tf.sub(tf.reciprocal(df), tf.reciprocal(tf.add(df, 1))),
  );
  return tf.add(leading, tf.sub(digammaError(high), digammaError(low)));
}

export const StudentT = defineFamily({
  name: 'StudentT',
  description: 'Normal with a gamma distributed precision: heavy tails, df moments.',
  source: 'Johnson, Kotz & Balakrishnan, Continuous Univariate Distributions 2 (1995), ch. 28.',
  params: [
    param('df', positive, { guard: true }),
    defaulted('loc', real, 0),
    defaulted('scale', positive, 1),
  ],
  support: real,
  rsample: (p, { key, shape }) => {
    const [ofNormal, ofGamma] = split(key);
    const half = tf.mul(0.5, p.df);
    // Normal / √(Gamma(df/2) / (df/2)), in logarithms: for a small df the gamma draw underflows.
    const logPrecision = tf.sub(random.logGamma(ofGamma, half, shape), tf.log(half));
    return locate(p, tf.mul(random.normal(ofNormal, shape), tf.exp(tf.mul(-0.5, logPrecision))));
  },
  logProb: (p, x) => {
    const { df, scale } = p;
    const normaliser = tf.add(betaln(tf.mul(0.5, df), 0.5), tf.add(tf.mul(0.5, tf.log(df)), tf.log(scale)));
    const tail = tf.mul(tf.mul(0.5, tf.add(df, 1)), tf.log1p(tf.div(tf.square(standardise(p, x)), df)));
    return tf.neg(tf.add(tail, normaliser));
  },
  mean: ({ df, loc }) => tf.where(tf.greater(df, 1), loc, tf.fill(df.shape, NaN)),
  mode: ({ loc }) => loc,
  variance: ({ df, scale }) => {
    const finite = tf.mul(tf.square(scale), tf.div(df, tf.sub(df, 2)));
    const infinite = tf.where(tf.greater(df, 1), tf.fill(df.shape, Infinity), tf.fill(df.shape, NaN));
    return tf.where(tf.greater(df, 2), finite, infinite);
  },
  entropy: ({ df, scale }) => {
    const spread = tf.mul(tf.mul(0.5, tf.add(df, 1)), digammaStep(df));
    return tf.add(
      tf.add(spread, tf.add(tf.mul(0.5, tf.log(df)), betaln(tf.mul(0.5, df), 0.5))),
      tf.log(scale),
    );
  },
  cdf: (p, x) => {
    const z = standardise(p, x);
    const tail = tailMass(p.df, z);
    return tf.where(tf.less(z, 0), tail, tf.sub(1, tail));
  },
  logSurvival: (p, x) => {
    const z = standardise(p, x);
    const tail = tailMass(p.df, z);
    return tf.where(tf.less(z, 0), tf.log1p(tf.neg(tail)), tf.log(tail));
  },
  icdf: (p, q) => locate(p, studentQuantile(p.df, q)),
});
