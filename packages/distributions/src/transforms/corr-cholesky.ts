/** ℝ^(n(n−1)/2) → Cholesky factors of n × n correlation matrices, by partial correlations. */
import { softplus, lift, tf } from '@pyro-ts/ops';
import { corrCholesky, realVector } from '../constraints';
import { identity, lowerMask, sumLast } from '../constraints/parts';
import { pack, strictSlot, triangle, unpack } from './packed';
import { mapLast, replaceLast, triangleSize } from './shapes';
import { defineTransform, type Transform } from './transform';

const name = 'CorrCholeskyTransform';

const sizeFor = (length: number): number => triangleSize(length, -1, name);

/** log √(1 − tanh² x) = log 2 − |x| − log(1 + e^(−2|x|)) */
const logSech = (x: tf.Tensor): tf.Tensor => tf.sub(lift(Math.LN2), tf.add(x, softplus(tf.mul(x, lift(-2)))));

/** x as a strictly lower matrix, log √(1 − t²) of its entries, and the sum of those to the left of each. */
function rows(x: tf.Tensor) {
  const n = sizeFor(x.shape[x.rank - 1]);
  const lower = unpack(x, n, strictSlot);
  const logs = tf.mul(logSech(lower), lowerMask(n, -1));
  return { n, lower, logs, logBefore: tf.cumsum(logs, lower.rank - 1, true) };
}

/**
 * Strictly lower entries, row by row, to a factor with rows of length 1: L_ij = t_ij Π_{k<j} √(1 − t_ik²), t = tanh x,
 * and what remains of the row on the diagonal. log|J| is over the strictly lower entries.
 * Source: Lewandowski, Kurowicka, Joe (2009), by way of the Stan Reference Manual, "Cholesky factors of correlation matrices".
 */
export const CorrCholeskyTransform = (): Transform =>
  defineTransform({
    name,
    domain: realVector,
    codomain: corrCholesky,
    forward: (x) => {
      const { n, lower, logBefore } = rows(x);
      return tf.mul(tf.add(tf.tanh(lower), identity(n)), tf.exp(logBefore));
    },
    backward: (y) => {
      const n = y.shape[y.rank - 1];
      const after = tf.cumsum(tf.square(y), y.rank - 1, true, true);
      const places = triangle(n, -1);
      // t / √(1 − t²) is the entry over what remains of its row, and asinh of that is atanh t.
      return tf.asinh(tf.div(pack(y, places), tf.sqrt(pack(after, places))));
    },
    logDet: (x) => {
      const { n, logs, logBefore } = rows(x);
      const scale = tf.mul(logBefore, lowerMask(n, -1));
      return sumLast(tf.add(scale, tf.mul(logs, lift(2))), 2);
    },
    forwardShape: (shape) => mapLast(shape, (length) => [sizeFor(length), sizeFor(length)]),
    inverseShape: (shape) => {
      const n = shape[shape.length - 1];
      return replaceLast(shape, [n, n], [(n * (n - 1)) / 2], name);
    },
  });
