/** Quantiles of the standard gamma, beta and Student laws. */
import { betaincinv, gammaincc, gammaincinv, lift, stopGradient, tf } from '@pyro-ts/ops';
import { logGammaDensity } from './gamma-density';

/** x with P(a, x) = q. */
export const gammaQuantile = (a: tf.Tensor, q: tf.Tensor): tf.Tensor => gammaincinv(a, q);

/** Newton steps; from a start that is off by 1e-4 in log Q each squares the error, and log Q is concave. */
const NEWTON_STEPS = 8;

/**
 * x with Q(a, x) = q. The inverse of P gives the start and the upper half; a small q has no digits left in 1 − q, so
 * Newton's method on log Q finds them.
 */
export function gammaUpperQuantile(a: tf.Tensor, q: tf.Tensor): tf.Tensor {
  const isSmall = tf.logicalAnd(tf.less(q, 0.1), tf.greater(q, 0));
  const target = tf.where(isSmall, q, lift(0.1));
  let x = gammaincinv(a, tf.sub(1, tf.maximum(target, 1e-14)));
  for (let i = 0; i < NEWTON_STEPS; i++) {
    const start = i < NEWTON_STEPS - 1 ? stopGradient(x) : x;
    const upper = gammaincc(a, start);
    const density = tf.exp(tf.sub(logGammaDensity(a, start), tf.log(upper)));
    x = tf.add(start, tf.div(tf.log(tf.div(upper, target)), density));
  }
  return tf.where(isSmall, x, gammaincinv(a, tf.sub(1, q)));
}

/** x with I_x(a, b) = q. */
export const betaQuantile = (a: tf.Tensor, b: tf.Tensor, q: tf.Tensor): tf.Tensor => betaincinv(a, b, q);

/** Below this mass in both tails, 1 − mass has lost digits that the quantile needs. */
const FAR_TAIL = 1e-3;

/**
 * t with cdf q for df degrees of freedom: the mass 2 min(q, 1 − q) beyond ±t is I_x(df/2, ½), x = df / (df + t²).
 * But for the far tails, 1 − x is found instead: x itself rounds to 1 where df is large.
 */
export function studentQuantile(df: tf.Tensor, q: tf.Tensor): tf.Tensor {
  const tail = tf.mul(2, tf.minimum(q, tf.sub(1, q)));
  const a = tf.mul(0.5, df);
  const isFar = tf.less(tail, FAR_TAIL);
  const x = betaincinv(a, 0.5, tf.where(isFar, tail, lift(FAR_TAIL)));
  const rest = betaincinv(0.5, a, tf.where(isFar, lift(0.5), tf.sub(1, tail)));
  const odds = tf.where(isFar, tf.div(tf.sub(1, x), x), tf.div(rest, tf.sub(1, rest)));
  return tf.mul(tf.sign(tf.sub(q, 0.5)), tf.sqrt(tf.mul(df, odds)));
}
