/** Maps of single numbers without parameters. Log-determinants are computed from x where y has lost the digits. */
import { lift, logSigmoid, softplus, tf } from '@pyro-ts/ops';
import { openInterval, positive, real, softplusPositive, unitInterval } from '../constraints';
import { log1mexpNegative, logit, sech2Log } from './scalar';
import { defineTransform, type Transform } from './transform';

/** y = x */
export const IdentityTransform = (): Transform =>
  defineTransform({
    name: 'IdentityTransform',
    domain: real,
    codomain: real,
    sign: 1,
    forward: (x) => x,
    backward: (y) => y,
    logDet: (x) => tf.zerosLike(x),
  });

/** y = exp x; log|J| = x */
export const ExpTransform = (): Transform =>
  defineTransform({
    name: 'ExpTransform',
    domain: real,
    codomain: positive,
    sign: 1,
    forward: (x) => tf.exp(x),
    backward: (y) => tf.log(y),
    logDet: (x) => x,
  });

/** y = 1 / (1 + e⁻ˣ); log|J| = log σ(x) + log σ(−x). Reaches 1 for x > 37: the codomain is closed in floating point. */
export const SigmoidTransform = (): Transform =>
  defineTransform({
    name: 'SigmoidTransform',
    domain: real,
    codomain: unitInterval,
    sign: 1,
    forward: (x) => tf.sigmoid(x),
    backward: logit,
    logDet: (x) => tf.add(logSigmoid(x), logSigmoid(tf.neg(x))),
  });

/** y = log(1 + eˣ); log|J| = log σ(x) */
export const SoftplusTransform = (): Transform =>
  defineTransform({
    name: 'SoftplusTransform',
    domain: real,
    codomain: softplusPositive,
    sign: 1,
    forward: (x) => softplus(x),
    backward: (y) => tf.add(y, log1mexpNegative(y)),
    logDet: (x) => logSigmoid(x),
  });

/** y = tanh x; log|J| = log(1 − tanh² x) */
export const TanhTransform = (): Transform =>
  defineTransform({
    name: 'TanhTransform',
    domain: real,
    codomain: openInterval(-1, 1),
    sign: 1,
    forward: (x) => tf.tanh(x),
    backward: (y) => tf.atanh(y),
    logDet: sech2Log,
  });

/** y = |x|, not bijective; the inverse gives the nonnegative x. */
export const AbsTransform = (): Transform =>
  defineTransform({
    name: 'AbsTransform',
    domain: real,
    codomain: positive,
    forward: (x) => tf.abs(x),
    backward: (y) => y,
  });

/** y = x for x > 0, eˣ − 1 below. */
export const ELUTransform = (): Transform =>
  defineTransform({
    name: 'ELUTransform',
    domain: real,
    codomain: openInterval(-1, Infinity),
    sign: 1,
    forward: (x) => tf.add(tf.relu(x), tf.expm1(tf.minimum(x, lift(0)))),
    backward: (y) => tf.add(tf.relu(y), tf.log1p(tf.minimum(y, lift(0)))),
    logDet: (x) => tf.minimum(x, lift(0)),
  });

/** y = x for x > 0, negativeSlope · x below; the slope is positive. */
export function LeakyReLUTransform(negativeSlope = 0.01): Transform {
  const bend = (x: tf.Tensor, slope: number): tf.Tensor =>
    tf.add(tf.relu(x), tf.mul(tf.minimum(x, lift(0)), lift(slope)));
  return defineTransform({
    name: 'LeakyReLUTransform',
    args: { negativeSlope },
    domain: real,
    codomain: real,
    sign: 1,
    forward: (x) => bend(x, negativeSlope),
    backward: (y) => bend(y, 1 / negativeSlope),
    logDet: (x) => tf.mul(tf.cast(tf.less(x, lift(0)), 'float32'), lift(Math.log(negativeSlope))),
  });
}
