/** Quantiles of the standard gamma, beta and Student laws. */
import { betaincinv, gammaincinv, tf } from '@pyro-ts/ops';

/** x with P(a, x) = q, or Q(a, x) = q for the upper tail. */
export function gammaQuantile(a: tf.Tensor, q: tf.Tensor, options: { upper?: boolean } = {}): tf.Tensor {
  return gammaincinv(a, options.upper === true ? tf.sub(1, q) : q);
}

/** x with I_x(a, b) = q. */
export const betaQuantile = (a: tf.Tensor, b: tf.Tensor, q: tf.Tensor): tf.Tensor => betaincinv(a, b, q);

/**
 * t with cdf q for df degrees of freedom: the mass 2 min(q, 1 − q) beyond ±t is I_x(df/2, ½), x = df / (df + t²).
 * Near the middle, where x is close to 1, 1 − x is found instead.
 */
export function studentQuantile(df: tf.Tensor, q: tf.Tensor): tf.Tensor {
  const tail = tf.mul(2, tf.minimum(q, tf.sub(1, q)));
  const half = tf.fill([], 0.5);
  const a = tf.mul(0.5, df);
  const isCentral = tf.greater(tail, 0.5);
  const x = betaincinv(a, half, tf.where(isCentral, tf.fill([], 0.5), tail));
  const rest = betaincinv(half, a, tf.where(isCentral, tf.abs(tf.sub(1, tail)), tf.fill([], 0.5)));
  const odds = tf.where(isCentral, tf.div(rest, tf.sub(1, rest)), tf.div(tf.sub(1, x), x));
  return tf.mul(tf.sign(tf.sub(q, 0.5)), tf.sqrt(tf.mul(df, odds)));
}
