/** ℝ^(n−1) → vectors of n that sum to zero, distances kept. */
import { independent, real, zeroSum } from '../constraints';
import { lift, tf } from '@pyro-ts/ops';
import { sumLast } from '../constraints/parts';
import { defineTransform, type Transform } from './transform';

/** Adds one entry so that the sum along the axis is 0. Source: the "simple" isometry of PyMC's ZeroSumNormal. */
function extend(x: tf.Tensor, axis: number): tf.Tensor {
  const n = x.shape[axis] + 1;
  const total = tf.sum(x, axis, true);
  const shift = tf.div(total, lift(n + Math.sqrt(n)));
  const added = tf.sub(shift, tf.div(total, lift(Math.sqrt(n))));
  return tf.sub(tf.concat([x, added], axis), shift);
}

function shorten(y: tf.Tensor, axis: number): tf.Tensor {
  const n = y.shape[axis];
  const [kept, last] = tf.split(y, [n - 1, 1], axis);
  return tf.sub(kept, tf.div(last, lift(1 + Math.sqrt(n))));
}

/** Along each of the rightmost `transformNdims` axes; log|J| = 0. */
export function ZeroSumTransform(transformNdims = 1): Transform {
  const axes = (rank: number): number[] => Array.from({ length: transformNdims }, (_, i) => rank - 1 - i);
  const resize = (shape: readonly number[], by: number) =>
    shape.map((n, i) => (i >= shape.length - transformNdims ? n + by : n));
  return defineTransform({
    name: 'ZeroSumTransform',
    args: { transformNdims },
    domain: independent(real, transformNdims),
    codomain: zeroSum(transformNdims),
    forward: (x) => axes(x.rank).reduce(extend, x),
    backward: (y) => axes(y.rank).reduce(shorten, y),
    logDet: (x) => tf.zerosLike(sumLast(x, transformNdims)),
    forwardShape: (shape) => resize(shape, 1),
    inverseShape: (shape) => resize(shape, -1),
  });
}
