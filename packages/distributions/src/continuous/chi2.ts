import { gammainc, gammaincc, tf } from '@pyro-ts/ops';
import { nonnegative, positive } from '../constraints';
import { defineFamily, param } from '../family';
import { gammaQuantile } from '../numerics/quantile';
import { gammaEntropy } from '../numerics/stirling';
import { gammaLogProb, gammaSample } from './gamma';
import { clampBelow } from './standardise';

const asGamma = ({ df }: { df: tf.Tensor }) => {
  const concentration = tf.mul(0.5, df);
  return { concentration, rate: tf.fill(df.shape, 0.5) };
};

export const Chi2 = defineFamily({
  name: 'Chi2',
  description: 'Sum of df squared standard normal variables.',
  source: 'Johnson, Kotz & Balakrishnan, Continuous Univariate Distributions 1 (1994), ch. 18.',
  params: [param('df', positive, { guard: true })],
  support: nonnegative,
  infinityIsOutside: true,
  rsample: (p, { key, shape }) => gammaSample(asGamma(p), key, shape),
  logProb: (p, x) => gammaLogProb(asGamma(p), x),
  mean: ({ df }) => df,
  mode: ({ df }) => clampBelow(tf.sub(df, 2)),
  variance: ({ df }) => tf.mul(2, df),
  entropy: ({ df }) => tf.add(gammaEntropy(tf.mul(0.5, df)), Math.LN2),
  cdf: ({ df }, x) => gammainc(tf.mul(0.5, df), tf.mul(0.5, clampBelow(x))),
  logSurvival: ({ df }, x) => tf.log(gammaincc(tf.mul(0.5, df), tf.mul(0.5, clampBelow(x)))),
  icdf: ({ df }, q) => tf.mul(2, gammaQuantile(tf.mul(0.5, df), q)),
});
