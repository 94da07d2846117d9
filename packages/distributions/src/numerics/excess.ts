/** Differences between a logarithm and its tangent: what divergences and deviances are made of. */
import { lift, tf } from '@pyro-ts/ops';
import { digammaError, stirlingError } from './stirling';

const horner = (coefficients: readonly number[], z: tf.Tensor): tf.Tensor =>
  coefficients
    .slice(0, -1)
    .reduceRight((sum, c) => tf.add(tf.mul(sum, z), c), lift(coefficients.at(-1) ?? 0));

/** 1/(2j + 3): log((1 + v)/(1 − v)) = 2 (v + v³/3 + v⁵/5 + …) without its first term. */
const ARTANH_TAIL = [1 / 3, 1 / 5, 1 / 7, 1 / 9, 1 / 11, 1 / 13, 1 / 15, 1 / 17];

/**
 * u − log(1 + u) ≥ 0 for u ≥ −1: about 0 a series in v = u/(2 + u), from log(1 + u) = 2 artanh v; elsewhere by
 * `logRatio`, which is log(1 + u) from a source that does not lose its digits where 1 + u is tiny.
 */
export function excess(u: tf.Tensor, logRatio: tf.Tensor): tf.Tensor {
  const v = tf.div(u, tf.add(u, 2));
  const square = tf.square(v);
  const near = tf.mul(v, tf.sub(u, tf.mul(tf.mul(square, horner(ARTANH_TAIL, square)), 2)));
  return tf.where(tf.less(tf.abs(v), 0.1), near, tf.sub(u, logRatio));
}

/** x log(x/y) − x + y ≥ 0 for x, y ≥ 0, the logarithm of the quotient given where x or y may underflow; y at x = 0. */
export function deviance(x: tf.Tensor, y: tf.Tensor, logXOverY?: tf.Tensor): tf.Tensor {
  const isNull = tf.equal(x, 0);
  const safe = tf.where(isNull, lift(1), x);
  const logYOverX = logXOverY === undefined ? tf.log(tf.div(y, safe)) : tf.neg(logXOverY);
  const log = tf.where(isNull, lift(0), logYOverX);
  return tf.where(isNull, y, tf.mul(safe, excess(tf.div(tf.sub(y, safe), safe), log)));
}

/**
 * What log Γ(b) − log Γ(a) − (b − a) ψ(a) ≥ 0, the Bregman divergence of log Γ, has beyond `deviance(b, a)`, which
 * Stirling's leading terms make of it: ½ (b/a − 1 − log(b/a)) and the differences of the remainders.
 */
export function bregmanRemainder(a: tf.Tensor, b: tf.Tensor): tf.Tensor {
  const difference = tf.sub(b, a);
  const half = tf.mul(0.5, excess(tf.div(difference, a), tf.log(tf.div(b, a))));
  const rest = tf.sub(tf.sub(stirlingError(b), stirlingError(a)), tf.mul(difference, digammaError(a)));
  return tf.add(half, rest);
}
