/** Vectors in increasing order. */
import { lift, tf, type TensorLike } from '@pyro-ts/ops';
import { orderedVector, positiveOrderedVector, realVector, simplex } from '../constraints';
import { sumLast } from '../constraints/parts';
import { mapLast } from './shapes';
import { defineTransform, type Transform } from './transform';

/** Start of the last axis up to `n`, and the rest. */
function cut(x: tf.Tensor, n: number): [tf.Tensor, tf.Tensor] {
  const axis = x.rank - 1;
  const [head, tail] = tf.split(x, [n, x.shape[axis] - n], axis);
  return [head, tail];
}

const lengthOf = (x: tf.Tensor): number => x.shape[x.rank - 1];

/** y₂ − y₁, y₃ − y₂, … */
function gaps(y: tf.Tensor): tf.Tensor {
  const n = lengthOf(y);
  return tf.sub(cut(y, 1)[1], cut(y, n - 1)[0]);
}

/** y₁ = x₁, yₖ = yₖ₋₁ + exp xₖ; log|J| = x₂ + … + x_K */
export const OrderedTransform = (): Transform =>
  defineTransform({
    name: 'OrderedTransform',
    domain: realVector,
    codomain: orderedVector,
    forward: (x) => {
      if (lengthOf(x) < 2) return x;
      const [first, rest] = cut(x, 1);
      return tf.cumsum(tf.concat([first, tf.exp(rest)], x.rank - 1), x.rank - 1);
    },
    backward: (y) => {
      if (lengthOf(y) < 2) return y;
      return tf.concat([cut(y, 1)[0], tf.log(gaps(y))], y.rank - 1);
    },
    logDet: (x) => (lengthOf(x) < 2 ? sumLast(tf.zerosLike(x), 1) : sumLast(cut(x, 1)[1], 1)),
  });

/**
 * y₁ = exp x₁, yₖ = yₖ₋₁ + exp xₖ; log|J| = x₁ + … + x_K.
 * Stan's chart of `positive_ordered`. Pyro's, exp ∘ Ordered, has doubly exponential steps: moderate x overflow it.
 */
export const PositiveOrderedTransform = (): Transform =>
  defineTransform({
    name: 'PositiveOrderedTransform',
    domain: realVector,
    codomain: positiveOrderedVector,
    forward: (x) => tf.cumsum(tf.exp(x), x.rank - 1),
    backward: (y) => (lengthOf(y) < 2 ? tf.log(y) : tf.log(tf.concat([cut(y, 1)[0], gaps(y)], y.rank - 1))),
    logDet: (x) => sumLast(x, 1),
  });

/**
 * Category probabilities → cut points of an ordinal regression: yₖ = anchorPoint + logit(x₁ + … + xₖ).
 * log|J| over the first K − 1 coordinates of the simplex.
 * @param anchorPoint location of the latent logistic variable; batch shape
 */
export function SimplexToOrderedTransform(anchorPoint: TensorLike = 0): Transform {
  const anchor = (): tf.Tensor => tf.expandDims(lift(anchorPoint), -1);
  /** Probabilities below and above each cut, summed each from its own end so that neither cancels. */
  const sides = (x: tf.Tensor): [tf.Tensor, tf.Tensor] => {
    const axis = x.rank - 1;
    const n = lengthOf(x) - 1;
    return [cut(tf.cumsum(x, axis), n)[0], cut(tf.cumsum(x, axis, true, true), n)[0]];
  };
  return defineTransform({
    name: 'SimplexToOrderedTransform',
    args: { anchorPoint },
    domain: simplex,
    codomain: orderedVector,
    forward: (x) => {
      const [below, above] = sides(x);
      return tf.add(anchor(), tf.sub(tf.log(below), tf.log(above)));
    },
    backward: (y) => {
      const z = tf.sub(y, anchor());
      const n = lengthOf(z);
      const [first] = cut(tf.sigmoid(z), 1);
      const [, last] = cut(tf.sigmoid(tf.neg(z)), n - 1);
      if (n < 2) return tf.concat([first, last], y.rank - 1);
      // σ(b) − σ(a) = σ(b) σ(−a) (1 − e^(a−b)), which keeps its digits when a and b are close or far out.
      const [lower] = cut(z, n - 1);
      const [, upper] = cut(z, 1);
      const share = tf.neg(tf.expm1(tf.sub(lower, upper)));
      const between = tf.mul(tf.mul(tf.sigmoid(upper), tf.sigmoid(tf.neg(lower))), share);
      return tf.concat([first, between, last], y.rank - 1);
    },
    logDet: (x) => {
      const [below, above] = sides(x);
      return tf.neg(sumLast(tf.add(tf.log(below), tf.log(above)), 1));
    },
    forwardShape: (shape) => mapLast(shape, (n) => n - 1),
    inverseShape: (shape) => mapLast(shape, (n) => n + 1),
  });
}
