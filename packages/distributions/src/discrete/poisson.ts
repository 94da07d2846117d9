import { gammaincc, lift, random, tf } from '@pyro-ts/ops';
import { nonnegative, nonnegativeInteger } from '../constraints';
import { defineFamily, param } from '../family';
import { logPoissonMass } from '../numerics/gamma-density';
import { entropyOfCounts, onCounts } from './counts';

/** From here on nine terms of the series below leave an error of 3e-14. */
const LARGE = 50;
/** P(K > 160) < 1e-34 at rate 50. */
const TOP = 160;

/** Coefficients of λ^−k in ½ log 2πeλ − H(λ): Evans, Boersma, Blachman & Jagers, SIAM Review 30 (1988), 314–317. */
const SERIES = [
  1 / 12,
  1 / 24,
  19 / 360,
  9 / 80,
  863 / 2520,
  1375 / 1008,
  33953 / 5040,
  57281 / 1440,
  3250433 / 11880,
];

function entropy({ rate }: { rate: tf.Tensor }): tf.Tensor {
  const isLarge = tf.greater(rate, LARGE);
  const inverse = tf.reciprocal(tf.maximum(rate, LARGE));
  const lacking = tf.mul(
    SERIES.reduceRight<tf.Tensor>((sum, c) => tf.add(tf.mul(sum, inverse), c), lift(0)),
    inverse,
  );
  const series = tf.sub(tf.mul(tf.log(tf.div(2 * Math.PI * Math.E, inverse)), 0.5), lacking);
  const small = tf.minimum(rate, LARGE);
  const listed = entropyOfCounts(TOP, rate.rank, (k) => logPoissonMass(k, small));
  return tf.where(isLarge, series, listed);
}

/** Number of events at a constant rate. */
export const Poisson = defineFamily({
  name: 'Poisson',
  description: 'Number of events in a unit of time, at a constant rate.',
  source: 'Johnson, Kemp & Kotz, Univariate Discrete Distributions (2005), ch. 4; density by Loader (2000).',
  params: [param('rate', nonnegative, { guard: true })],
  support: nonnegativeInteger,
  infinityIsOutside: true,
  sample: ({ rate }, { key, shape }) => random.poisson(key, rate, shape),
  logProb: ({ rate }, x) => logPoissonMass(x, rate),
  mean: ({ rate }) => rate,
  variance: ({ rate }) => rate,
  mode: ({ rate }) => tf.floor(rate),
  entropy,
  cdf: ({ rate }, x) => onCounts(x, (k) => gammaincc(tf.add(k, 1), rate)),
});
