/** Vectors tied by an equation: weights, directions, contrasts. */
import { lift, tf } from '@pyro-ts/ops';
import { defineConstraint, type Constraint } from './constraint';
import { allLast, both, isNumber, like, near, sumLast } from './parts';

/** How far the sum of a simplex, and the norm of a unit vector, may be off: 1e-6, as in Pyro and NumPyro. */
export const sumTolerance = 1e-6;

/** Nonnegative vectors that sum to 1, within 1e-6. */
export const simplex = defineConstraint({
  name: 'simplex',
  eventDim: 1,
  check: (x) => both(allLast(tf.greaterEqual(x, lift(0)), 1), near(sumLast(x, 1), 1, sumTolerance)),
  feasibleLike: (prototype) => like(prototype, 1 / prototype.shape[prototype.rank - 1]),
});

/** Vectors of Euclidean length 1, within 1e-6. */
export const sphere = defineConstraint({
  name: 'sphere',
  eventDim: 1,
  check: (x) => near(tf.sqrt(sumLast(tf.square(x), 1)), 1, sumTolerance),
  feasibleLike: (prototype) => like(prototype, 1 / Math.sqrt(prototype.shape[prototype.rank - 1])),
});

/** Vectors with Σ|xᵢ| ≤ 1, within 1e-6. */
export const l1Ball = defineConstraint({
  name: 'l1Ball',
  eventDim: 1,
  check: (x) => tf.lessEqual(sumLast(tf.abs(x), 1), lift(1 + sumTolerance)),
  feasibleLike: (prototype) => like(prototype, 0),
});

/** Arrays that sum to 0 along each of their rightmost `eventDim` axes, within 1e-6·(1 + Σ|x|). */
export const zeroSum = (eventDim = 1): Constraint<{ ndims: number }> =>
  defineConstraint({
    name: 'zeroSum',
    args: { ndims: eventDim },
    eventDim,
    check: (x) =>
      both(
        allLast(isNumber(x), eventDim),
        ...Array.from({ length: eventDim }, (_, i) => {
          const axis = x.rank - 1 - i;
          const scale = tf.add(tf.sum(tf.abs(x), axis, true), lift(1));
          const balanced = tf.lessEqual(tf.abs(tf.sum(x, axis, true)), tf.mul(scale, lift(sumTolerance)));
          return allLast(balanced, eventDim);
        }),
      ),
    feasibleLike: (prototype) => like(prototype, 0),
  });
