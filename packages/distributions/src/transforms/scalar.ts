/** Scalar pieces that several transforms share, each safe in its tails. */
import { lift, log1mexp, softplus, tf } from '@pyro-ts/ops';

/** log y − log(1 − y), the inverse of the logistic function. */
export const logit = (y: tf.Tensor): tf.Tensor => tf.sub(tf.log(y), tf.log1p(tf.neg(y)));

/** log(1 − e^(−y)) for y > 0. */
export const log1mexpNegative = (y: tf.Tensor): tf.Tensor => log1mexp(y);

/** log(1 − tanh² x) = 2 (log 2 − x − softplus(−2x)), finite wherever x is. */
export const sech2Log = (x: tf.Tensor): tf.Tensor =>
  tf.mul(tf.sub(tf.sub(lift(Math.LN2), x), softplus(tf.mul(x, lift(-2)))), lift(2));
