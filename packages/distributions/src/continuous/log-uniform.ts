import { random, tf } from '@pyro-ts/ops';
import { greaterThan, interval, positive } from '../constraints';
import { defineFamily, param } from '../family';

interface Bounds {
  readonly low: tf.Tensor;
  readonly high: tf.Tensor;
}

const logRange = ({ low, high }: Bounds): tf.Tensor => tf.sub(tf.log(high), tf.log(low));

const quantile = (p: Bounds, q: tf.Tensor): tf.Tensor =>
  tf.exp(tf.add(tf.log(p.low), tf.mul(q, logRange(p))));

export const LogUniform = defineFamily({
  name: 'LogUniform',
  description: 'exp of a uniform variable: every order of magnitude between low and high is equally likely.',
  source: 'Hamming, On the distribution of numbers (1970): the reciprocal law.',
  params: [param('low', positive), param('high', ({ low }) => greaterThan(low))],
  support: ({ low, high }) => interval(low, high),
  rsample: (p, { key, shape }) => quantile(p, random.uniform(key, shape)),
  logProb: (p, x) => tf.neg(tf.add(tf.log(x), tf.log(logRange(p)))),
  mean: (p) => tf.div(tf.sub(p.high, p.low), logRange(p)),
  mode: ({ low }) => low,
  variance: (p) => {
    const range = logRange(p);
    const width = tf.sub(p.high, p.low);
    const second = tf.div(tf.mul(0.5, tf.mul(width, tf.add(p.high, p.low))), range);
    return tf.sub(second, tf.square(tf.div(width, range)));
  },
  entropy: (p) => tf.add(tf.mul(0.5, tf.add(tf.log(p.low), tf.log(p.high))), tf.log(logRange(p))),
  cdf: (p, x) => {
    const inside = tf.minimum(tf.maximum(x, p.low), p.high);
    return tf.div(tf.sub(tf.log(inside), tf.log(p.low)), logRange(p));
  },
  icdf: quantile,
});
