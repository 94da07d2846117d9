import { digamma, gammainc, gammaincc, random, tf } from '@pyro-ts/ops';
import { positive } from '../constraints';
import { defaulted, defineFamily, param } from '../family';
import { logGammaDensity } from '../numerics/gamma-density';
import { gammaUpperQuantile } from '../numerics/quantile';
import { gammaEntropy } from '../numerics/stirling';
import { clampBelow, momentIf } from './standardise';

export const InverseGamma = defineFamily({
  name: 'InverseGamma',
  description: 'Reciprocal of a Gamma(concentration, rate).',
  source: 'Gelman et al., Bayesian Data Analysis 3 (2013), appendix A.',
  params: [param('concentration', positive, { guard: true }), defaulted('rate', positive, 1)],
  support: positive,
  infinityIsOutside: true,
  rsample: ({ concentration, rate }, { key, shape }) =>
    tf.exp(tf.sub(tf.log(rate), random.logGamma(key, concentration, shape))),
  logProb: ({ concentration, rate }, x) =>
    tf.add(logGammaDensity(concentration, tf.div(rate, x)), tf.sub(tf.log(rate), tf.mul(2, tf.log(x)))),
  mean: ({ concentration, rate }) =>
    momentIf(tf.greater(concentration, 1), tf.div(rate, tf.sub(concentration, 1))),
  mode: ({ concentration, rate }) => tf.div(rate, tf.add(concentration, 1)),
  variance: ({ concentration, rate }) => {
    const finite = tf.div(tf.square(tf.div(rate, tf.sub(concentration, 1))), tf.sub(concentration, 2));
    return momentIf(tf.greater(concentration, 2), finite);
  },
  entropy: ({ concentration, rate }) =>
    tf.add(tf.sub(gammaEntropy(concentration), tf.mul(2, digamma(concentration))), tf.log(rate)),
  cdf: ({ concentration, rate }, x) => gammaincc(concentration, tf.div(rate, clampBelow(x))),
  logSurvival: ({ concentration, rate }, x) => tf.log(gammainc(concentration, tf.div(rate, clampBelow(x)))),
  icdf: ({ concentration, rate }, q) => tf.div(rate, gammaUpperQuantile(concentration, q)),
});
