import { random, tf } from '@pyro-ts/ops';
import { greaterThan, interval, real } from '../constraints';
import { defaulted, defineFamily } from '../family';

export const Uniform = defineFamily({
  name: 'Uniform',
  description: 'Constant density between low and high.',
  source: 'Definition.',
  params: [defaulted('low', real, 0), defaulted('high', ({ low }) => greaterThan(low), 1)],
  support: ({ low, high }) => interval(low, high),
  rsample: ({ low, high }, { key, shape }) =>
    tf.add(low, tf.mul(tf.sub(high, low), random.uniform(key, shape))),
  logProb: ({ low, high }, x) => tf.sub(tf.zerosLike(x), tf.log(tf.sub(high, low))),
  mean: ({ low, high }) => tf.add(tf.mul(0.5, low), tf.mul(0.5, high)),
  mode: ({ low, high }) => tf.fill(tf.add(low, high).shape, NaN),
  variance: ({ low, high }) => tf.div(tf.square(tf.sub(high, low)), 12),
  entropy: ({ low, high }) => tf.log(tf.sub(high, low)),
  cdf: ({ low, high }, x) => tf.minimum(tf.maximum(tf.div(tf.sub(x, low), tf.sub(high, low)), 0), 1),
  icdf: ({ low, high }, q) => tf.add(low, tf.mul(q, tf.sub(high, low))),
});
