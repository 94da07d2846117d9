/** Quantiles of the standard gamma, beta and Student laws. */
import { betaincinv, gammaincc, gammaincinv, lift, stopGradient, tf } from '@pyro-ts/ops';
import { logGammaDensity } from './gamma-density';

/** x with P(a, x) = q. */
export const gammaQuantile = (a: tf.Tensor, q: tf.Tensor): tf.Tensor => gammaincinv(a, q);

/** Newton steps: eight of at most half as far again in log Q reach 1e-300 from 1e-14, the rest square the error. */
const NEWTON_STEPS = 13;

/**
 * x with Q(a, x) = q. The inverse of P gives the start and the upper half; a small q has no digits left in 1 − q, so
 * Newton's method on the concave log Q finds them, in steps short enough not to run into underflow.
 */
export function gammaUpperQuantile(a: tf.Tensor, q: tf.Tensor): tf.Tensor {
  const isSmall = tf.logicalAnd(tf.less(q, 0.1), tf.greater(q, 0));
  const target = tf.log(tf.where(isSmall, q, lift(0.1)));
  let x = gammaincinv(a, tf.sub(1, tf.maximum(tf.exp(target), 1e-14)));
  for (let i = 0; i < NEWTON_STEPS; i++) {
    const start = i < NEWTON_STEPS - 1 ? stopGradient(x) : x;
    const logUpper = tf.log(tf.maximum(gammaincc(a, start), Number.MIN_VALUE));
    const goal = tf.maximum(target, tf.mul(1.5, logUpper));
    x = tf.add(start, tf.div(tf.sub(logUpper, goal), tf.exp(tf.sub(logGammaDensity(a, start), logUpper))));
  }
  return tf.where(isSmall, x, gammaincinv(a, tf.sub(1, q)));
}

/** x with I_x(a, b) = q. */
export const betaQuantile = (a: tf.Tensor, b: tf.Tensor, q: tf.Tensor): tf.Tensor => betaincinv(a, b, q);

/** Below this mass in both tails 1 − mass has lost more digits than x, which a large df magnifies. */
const farTail = (df: tf.Tensor): tf.Tensor => tf.reciprocal(tf.add(df, 1000));

/**
 * t with cdf q for df degrees of freedom: the mass 2 min(q, 1 − q) beyond ±t is I_x(df/2, ½), x = df / (df + t²).
 * Where x is near 1, 1 − x is found instead.
 */
export function studentQuantile(df: tf.Tensor, q: tf.Tensor): tf.Tensor {
  const tail = tf.mul(2, tf.minimum(q, tf.sub(1, q)));
  const a = tf.mul(0.5, df);
  const x = betaincinv(a, 0.5, tail);
  const isFar = tf.logicalOr(tf.less(x, 0.5), tf.less(tail, farTail(df)));
  const rest = betaincinv(0.5, a, tf.where(isFar, lift(0.5), tf.sub(1, tail)));
  const odds = tf.where(isFar, tf.div(tf.sub(1, x), x), tf.div(rest, tf.sub(1, rest)));
  return tf.mul(tf.sign(tf.sub(q, 0.5)), tf.sqrt(tf.mul(df, odds)));
}
