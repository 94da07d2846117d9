import { betainc, random, tf, xlog1py, xlogy } from '@pyro-ts/ops';
import { positive, unitInterval } from '../constraints';
import { defineFamily, param } from '../family';
import { powerLogRatio } from '../numerics/log-ratio';
import { betaQuantile } from '../numerics/quantile';
import { betaSaddle, digammaError, stirlingError } from '../numerics/stirling';
import { clampToUnit } from './standardise';

export const Beta = defineFamily({
  name: 'Beta',
  description: 'Law of a proportion; concentration1 pulls towards 1, concentration0 towards 0.',
  source:
    'Johnson, Kotz & Balakrishnan, Continuous Univariate Distributions 2 (1995), ch. 25; Loader (2000) for the density.',
  params: [
    param('concentration1', positive, { guard: true }),
    param('concentration0', positive, { guard: true }),
  ],
  support: unitInterval,
  rsample: ({ concentration1: a, concentration0: b }, { key, shape }) => random.beta(key, a, b, shape),
  logProb: ({ concentration1: a, concentration0: b }, x) => {
    const n = tf.add(a, b);
    const [m, w] = [tf.div(a, n), tf.div(b, n)];
    const [powerX, powerY] = [tf.sub(a, 1), tf.sub(b, 1)];
    const distance = tf.sub(x, m);
    const farX = tf.sub(xlogy(powerX, x), tf.mul(powerX, tf.log(m)));
    const farY = tf.sub(xlog1py(powerY, tf.neg(x)), tf.mul(powerY, tf.log(w)));
    const kernel = tf.add(
      powerLogRatio(powerX, tf.div(distance, m), farX),
      powerLogRatio(powerY, tf.neg(tf.div(distance, w)), farY),
    );
    return tf.add(kernel, tf.sub(betaSaddle(a, b, n), tf.add(tf.log(m), tf.log(w))));
  },
  mean: ({ concentration1: a, concentration0: b }) => tf.div(a, tf.add(a, b)),
  mode: ({ concentration1: a, concentration0: b }) => {
    const interior = tf.div(tf.sub(a, 1), tf.sub(tf.add(a, b), 2));
    const edge = tf.where(tf.less(a, b), tf.zerosLike(interior), tf.onesLike(interior));
    const unimodal = tf.logicalAnd(tf.greater(a, 1), tf.greater(b, 1));
    return tf.where(unimodal, interior, tf.where(tf.equal(a, b), tf.fill(edge.shape, NaN), edge));
  },
  variance: ({ concentration1: a, concentration0: b }) => {
    const n = tf.add(a, b);
    return tf.div(tf.mul(tf.div(a, n), tf.div(b, n)), tf.add(n, 1));
  },
  // betaln − (a−1) ψ(a) − (b−1) ψ(b) + (n−2) ψ(n) with Stirling's terms cancelled on paper.
  entropy: ({ concentration1: a, concentration0: b }) => {
    const n = tf.add(a, b);
    const term = (x: tf.Tensor, shift: number): tf.Tensor =>
      tf.sub(stirlingError(x), tf.mul(tf.sub(x, shift), digammaError(x)));
    const remainders = tf.sub(tf.add(term(a, 1), term(b, 1)), term(n, 2));
    const logs = tf.sub(tf.mul(0.5, tf.add(tf.log(a), tf.log(b))), tf.mul(1.5, tf.log(n)));
    const inverses = tf.sub(tf.reciprocal(n), tf.mul(0.5, tf.add(tf.reciprocal(a), tf.reciprocal(b))));
    return tf.add(tf.add(remainders, logs), tf.add(inverses, 0.5 + 0.5 * Math.log(2 * Math.PI)));
  },
  cdf: ({ concentration1: a, concentration0: b }, x) => betainc(a, b, clampToUnit(x)),
  logSurvival: ({ concentration1: a, concentration0: b }, x) =>
    tf.log(betainc(b, a, tf.sub(1, clampToUnit(x)))),
  icdf: ({ concentration1: a, concentration0: b }, q) => betaQuantile(a, b, q),
});
