/** ℝᴷ⁻¹ → simplex of K, by breaking a stick. */
import { lift, logSigmoid, tf } from '@pyro-ts/ops';
import { realVector, simplex } from '../constraints';
import { sumLast } from '../constraints/parts';
import { mapLast } from './shapes';
import { defineTransform, type Transform } from './transform';

/** log(K − k) for k = 1 … K − 1: makes x = 0 the centre of the simplex. */
const logRemaining = (n: number): tf.Tensor =>
  lift(Float64Array.from({ length: n }, (_, i) => Math.log(n - i)));

/** log zₖ, log(1 − zₖ) and what is left before each break, log Π_{j<k} (1 − zⱼ). */
function breaks(x: tf.Tensor) {
  const shifted = tf.sub(x, logRemaining(x.shape[x.rank - 1]));
  const logBroken = logSigmoid(shifted);
  const logKept = logSigmoid(tf.neg(shifted));
  const logBefore = tf.cumsum(logKept, x.rank - 1, true);
  return { logBroken, logKept, logBefore };
}

/**
 * yₖ = zₖ Π_{j<k} (1 − zⱼ), zₖ = σ(xₖ − log(K − k)), and y_K is what remains; K = 2 is (σ(x), σ(−x)).
 * All in logarithms, so that no piece is lost to cancellation. log|J| is over the first K − 1 coordinates.
 * Source: Stan Reference Manual, "Unit simplex".
 */
export const StickBreakingTransform = (): Transform =>
  defineTransform({
    name: 'StickBreakingTransform',
    domain: realVector,
    codomain: simplex,
    forward: (x) => {
      const { logBroken, logKept, logBefore } = breaks(x);
      const rest = tf.sum(logKept, -1, true);
      return tf.exp(tf.concat([tf.add(logBroken, logBefore), rest], x.rank - 1));
    },
    backward: (y) => {
      const axis = y.rank - 1;
      const n = y.shape[axis] - 1;
      const [pieces] = tf.split(y, [n, 1], axis);
      // What is left after a break, as the sum of the later pieces: 1 − Σ of the earlier ones would cancel.
      const [after] = tf.split(tf.cumsum(y, axis, true, true), [n, 1], axis);
      return tf.add(tf.sub(tf.log(pieces), tf.log(after)), logRemaining(n));
    },
    logDet: (x) => {
      const { logBroken, logKept, logBefore } = breaks(x);
      return sumLast(tf.add(tf.add(logBroken, logKept), logBefore), 1);
    },
    forwardShape: (shape) => mapLast(shape, (n) => n + 1),
    inverseShape: (shape) => mapLast(shape, (n) => n - 1),
  });
