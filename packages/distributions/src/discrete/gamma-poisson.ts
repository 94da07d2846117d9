import { betainc, tf } from '@pyro-ts/ops';
import { nonnegativeInteger, positive } from '../constraints';
import { defaulted, defineFamily, param } from '../family';
import { logNegativeBinomialMass } from '../numerics/negative-binomial-mass';
import { onCounts } from './counts';
import { drawGammaPoisson } from './negative-binomial';

interface GammaRate {
  readonly concentration: tf.Tensor;
  readonly rate: tf.Tensor;
}

/** Chance that an event comes before the clock of the rate: 1/(1 + rate). */
const event = ({ rate }: GammaRate): tf.Tensor => tf.reciprocal(tf.add(rate, 1));
const clock = ({ rate }: GammaRate): tf.Tensor => tf.div(rate, tf.add(rate, 1));

/** A Poisson count whose rate is drawn from Gamma(concentration, rate). */
export const GammaPoisson = defineFamily({
  name: 'GammaPoisson',
  description: 'Poisson count whose rate is drawn from Gamma(concentration, rate).',
  source: 'Greenwood & Yule (1920); Johnson, Kemp & Kotz (2005), ch. 5.',
  params: [
    param('concentration', positive, { guard: true }),
    defaulted('rate', positive, 1, { guard: true }),
  ],
  support: nonnegativeInteger,
  infinityIsOutside: true,
  sample: ({ concentration, rate }, { key, shape }) =>
    drawGammaPoisson(key, concentration, tf.reciprocal(rate), shape),
  logProb: (p, x) => logNegativeBinomialMass(x, p.concentration, event(p), clock(p)),
  mean: ({ concentration, rate }) => tf.div(concentration, rate),
  variance: ({ concentration, rate }) => tf.mul(tf.div(concentration, tf.square(rate)), tf.add(rate, 1)),
  mode: ({ concentration, rate }) => tf.floor(tf.maximum(0, tf.div(tf.sub(concentration, 1), rate))),
  cdf: (p, x) => onCounts(x, (k) => betainc(p.concentration, tf.add(k, 1), clock(p))),
});
