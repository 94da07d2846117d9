/** Log densities on and off the support, without NaN gradients. */
import { lift, tf, type Shape } from '@pyro-ts/ops';
import type { Constraint } from '../constraints/constraint';

const unbounded = new Set(['real', 'realVector', 'realMatrix']);

/** Whether every number is inside. */
export function isUnbounded(constraint: Constraint): boolean {
  if (unbounded.has(constraint.name)) return true;
  return constraint.name === 'independent' && isUnbounded(constraint.args['base'] as Constraint);
}

/** bool [...batch]: some element of the event is NaN. */
export function hasNaN(x: tf.Tensor, eventDim: number): tf.Tensor {
  const flags = tf.isNaN(x);
  return eventDim === 0
    ? flags
    : tf.any(
        flags,
        Array.from({ length: eventDim }, (_, i) => i - eventDim),
      );
}

/**
 * `density` where `inside`; elsewhere −∞, or NaN for NaN. `density` sees a feasible value in place of each value that
 * is not inside: a select around the logarithm of a negative number would have a NaN gradient.
 * @param x shape [...shape, ...event]
 * @param inside bool, shape [...shape]
 */
export function densityOnSupport(
  x: tf.Tensor,
  inside: tf.Tensor,
  support: Constraint,
  eventShape: Shape,
  density: (feasible: tf.Tensor) => tf.Tensor,
): tf.Tensor {
  const ones = eventShape.map(() => 1);
  const mask = ones.length === 0 ? inside : tf.reshape(inside, [...inside.shape, ...ones]);
  const logDensity = density(tf.where(mask, x, support.feasibleLike(x)));
  // A NaN density means a bad parameter: NaN − ∞ keeps it, a finite one gives −∞.
  const outside = tf.where(hasNaN(x, eventShape.length), lift(NaN), tf.sub(logDensity, lift(Infinity)));
  return tf.where(inside, logDensity, outside);
}
