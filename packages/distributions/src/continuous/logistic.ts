import { logSigmoid, random, softplus, tf } from '@pyro-ts/ops';
import { real } from '../constraints';
import { defineFamily } from '../family';
import { locate, locationScale, standardise } from './standardise';

const logit = (q: tf.Tensor): tf.Tensor => tf.sub(tf.log(q), tf.log1p(tf.neg(q)));

export const Logistic = defineFamily({
  name: 'Logistic',
  description: 'The law whose cdf is the logistic function.',
  source: 'Johnson, Kotz & Balakrishnan, Continuous Univariate Distributions 2 (1995), ch. 23.',
  params: locationScale,
  support: real,
  rsample: (p, { key, shape }) => locate(p, logit(random.openUniform(key, shape))),
  logProb: (p, x) => {
    const distance = tf.abs(standardise(p, x));
    return tf.neg(tf.add(tf.add(distance, tf.mul(2, softplus(tf.neg(distance)))), tf.log(p.scale)));
  },
  mean: ({ loc }) => loc,
  mode: ({ loc }) => loc,
  variance: ({ scale }) => tf.mul(Math.PI ** 2 / 3, tf.square(scale)),
  entropy: ({ scale }) => tf.add(tf.log(scale), 2),
  cdf: (p, x) => tf.sigmoid(standardise(p, x)),
  logCdf: (p, x) => logSigmoid(standardise(p, x)),
  logSurvival: (p, x) => logSigmoid(tf.neg(standardise(p, x))),
  icdf: (p, q) => locate(p, logit(q)),
});
