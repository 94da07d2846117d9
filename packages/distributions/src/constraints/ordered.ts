/** Vectors in increasing order. */
import { lift, tf } from '@pyro-ts/ops';
import { defineConstraint } from './constraint';
import { allLast, both, isNumber, like } from './parts';

/** x₁ < x₂ < …; NaN nowhere. */
function increases(x: tf.Tensor): tf.Tensor {
  const axis = x.rank - 1;
  const n = x.shape[axis];
  const known = allLast(isNumber(x), 1);
  if (n < 2) return known;
  const start = x.shape.map(() => 0);
  const size = x.shape.map((length, i) => (i === axis ? n - 1 : length));
  const next = start.map((_, i) => (i === axis ? 1 : 0));
  return both(known, allLast(tf.less(tf.slice(x, start, size), tf.slice(x, next, size)), 1));
}

const steps = (prototype: tf.Tensor, first: number): tf.Tensor =>
  like(
    prototype,
    Float64Array.from({ length: prototype.shape[prototype.rank - 1] }, (_, i) => i + first),
  );

/** x₁ < x₂ < … < x_K */
export const orderedVector = defineConstraint({
  name: 'orderedVector',
  eventDim: 1,
  check: increases,
  feasibleLike: (prototype) => steps(prototype, 0),
});

/** 0 < x₁ < x₂ < … < x_K */
export const positiveOrderedVector = defineConstraint({
  name: 'positiveOrderedVector',
  eventDim: 1,
  check: (x) => both(increases(x), allLast(tf.greater(x, lift(0)), 1)),
  feasibleLike: (prototype) => steps(prototype, 1),
});
