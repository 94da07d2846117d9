import { gammaincc, random, tf } from '@pyro-ts/ops';
import { nonnegative, nonnegativeInteger } from '../constraints';
import { defineFamily, param } from '../family';
import { logPoissonMass } from '../numerics/gamma-density';
import { onCounts } from './counts';

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
  cdf: ({ rate }, x) => onCounts(x, (k) => gammaincc(tf.add(k, 1), rate)),
});
