import { gammainc, gammaincc, random, tf } from '@pyro-ts/ops';
import { nonnegative, positive } from '../constraints';
import { defineFamily, oneOf, param } from '../family';
import { logGammaDensity } from '../numerics/gamma-density';
import { gammaQuantile } from '../numerics/quantile';
import { gammaEntropy } from '../numerics/stirling';
import { clampBelow } from './standardise';

interface Shape {
  readonly concentration: tf.Tensor;
  readonly rate: tf.Tensor;
}

/** Shared with Chi2, where rate is ½. */
export const gammaLogProb = ({ concentration, rate }: Shape, x: tf.Tensor): tf.Tensor =>
  tf.add(logGammaDensity(concentration, tf.mul(rate, x)), tf.log(rate));

/** Draws in logarithms: a draw for a small concentration is tiny, not zero. */
export const gammaSample = (
  { concentration, rate }: Shape,
  key: Parameters<typeof random.normal>[0],
  shape: readonly number[],
) => tf.exp(tf.sub(random.logGamma(key, concentration, shape), tf.log(rate)));

export const Gamma = defineFamily({
  name: 'Gamma',
  description: 'Sum of concentration many exponential waiting times, for any positive concentration.',
  source:
    'Johnson, Kotz & Balakrishnan, Continuous Univariate Distributions 1 (1994), ch. 17; Loader (2000) for the density; Figurnov, Mohamed & Mnih (2018) for the path.',
  params: [
    param('concentration', positive, { guard: true }),
    oneOf(param('rate', positive), param('scale', positive)),
  ],
  derive: { rate: ({ scale }) => tf.reciprocal(scale), scale: ({ rate }) => tf.reciprocal(rate) },
  support: nonnegative,
  infinityIsOutside: true,
  rsample: (p, { key, shape }) => gammaSample(p, key, shape),
  logProb: gammaLogProb,
  mean: ({ concentration, rate }) => tf.div(concentration, rate),
  mode: ({ concentration, rate }) => tf.div(clampBelow(tf.sub(concentration, 1)), rate),
  variance: ({ concentration, rate }) => tf.div(tf.div(concentration, rate), rate),
  entropy: ({ concentration, rate }) => tf.sub(gammaEntropy(concentration), tf.log(rate)),
  cdf: ({ concentration, rate }, x) => gammainc(concentration, tf.mul(rate, clampBelow(x))),
  logSurvival: ({ concentration, rate }, x) => tf.log(gammaincc(concentration, tf.mul(rate, clampBelow(x)))),
  icdf: ({ concentration, rate }, q) => tf.div(gammaQuantile(concentration, q), rate),
});
