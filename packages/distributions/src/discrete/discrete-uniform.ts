import { lift, random, tf } from '@pyro-ts/ops';
import { integer, integerGreaterThan, integerInterval } from '../constraints';
import { defineFamily, param } from '../family';
import { common } from './counts';

interface Range {
  readonly low: tf.Tensor;
  readonly high: tf.Tensor;
}

const count = ({ low, high }: Range): tf.Tensor => tf.add(tf.sub(high, low), 1);

/** Every integer from `low` to `high`, both included, equally likely. */
export const DiscreteUniform = defineFamily({
  name: 'DiscreteUniform',
  description: 'Every integer from low to high, both included, equally likely.',
  source: 'Johnson, Kemp & Kotz, Univariate Discrete Distributions (2005), ch. 6.',
  params: [
    param('low', integer),
    param('high', ({ low }) => integerGreaterThan(tf.sub(low, 1)), { guard: true }),
  ],
  support: ({ low, high }) => integerInterval(low, high),
  sample: (p, { key, shape }) => {
    const step = tf.floor(tf.mul(random.uniform(key, shape), count(p)));
    return tf.cast(tf.add(p.low, step), 'int32');
  },
  logProb: (p) => tf.neg(tf.log(count(p))),
  mean: ({ low, high }) => tf.div(tf.add(low, high), 2),
  variance: (p) => tf.div(tf.sub(tf.square(count(p)), 1), 12),
  entropy: (p) => tf.log(count(p)),
  cdf: (p, x) => tf.clipByValue(tf.div(tf.add(tf.sub(tf.floor(x), p.low), 1), count(p)), 0, 1),
  icdf: (p, q) => tf.add(p.low, tf.maximum(0, tf.sub(tf.ceil(tf.mul(q, count(p))), 1))),
  enumerateSupport: ({ low, high }) => {
    const first = common('DiscreteUniform', 'low', low);
    const last = common('DiscreteUniform', 'high', high);
    return lift(Int32Array.from({ length: last - first + 1 }, (_, i) => first + i));
  },
});
