/** Powers. */
import { lift, tf, type TensorLike } from '@pyro-ts/ops';
import { positive, real } from '../constraints';
import { defineTransform, type Transform } from './transform';

/** log|p| + (p − 1) log|x| */
const logSlope = (exponent: TensorLike, x: tf.Tensor): tf.Tensor => {
  const p = lift(exponent);
  return tf.add(tf.log(tf.abs(p)), tf.mul(tf.sub(p, lift(1)), tf.log(tf.abs(x))));
};

const signOf = (exponent: TensorLike): TensorLike =>
  typeof exponent === 'number' ? Math.sign(exponent) : tf.sign(lift(exponent));

/** y = xᵖ for x > 0; p ≠ 0, broadcasts. */
export const PowerTransform = (exponent: TensorLike): Transform =>
  defineTransform({
    name: 'PowerTransform',
    args: { exponent },
    domain: positive,
    codomain: positive,
    get sign() {
      return signOf(exponent);
    },
    forward: (x) => tf.pow(x, lift(exponent)),
    backward: (y) => tf.pow(y, tf.div(lift(1), lift(exponent))),
    logDet: (x) => logSlope(exponent, x),
  });

/** y = sign(x)·|x|ᵖ for any x; p > 0, broadcasts. */
export const PositivePowerTransform = (exponent: TensorLike): Transform => {
  const signedPower = (x: tf.Tensor, p: tf.Tensor): tf.Tensor => tf.mul(tf.sign(x), tf.pow(tf.abs(x), p));
  return defineTransform({
    name: 'PositivePowerTransform',
    args: { exponent },
    domain: real,
    codomain: real,
    sign: 1,
    forward: (x) => signedPower(x, lift(exponent)),
    backward: (y) => signedPower(y, tf.div(lift(1), lift(exponent))),
    logDet: (x) => logSlope(exponent, x),
  });
};
