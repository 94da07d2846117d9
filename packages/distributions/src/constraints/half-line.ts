/** Numbers on one side of a bound. */
import { lift, tf, type TensorLike } from '@pyro-ts/ops';
import { defineConstraint, type Constraint } from './constraint';
import { like } from './parts';

/** x > 0 */
export const positive = defineConstraint({
  name: 'positive',
  check: (x) => tf.greater(x, lift(0)),
  feasibleLike: (prototype) => like(prototype, 1),
});

/** x ≥ 0 */
export const nonnegative = defineConstraint({
  name: 'nonnegative',
  check: (x) => tf.greaterEqual(x, lift(0)),
  feasibleLike: (prototype) => like(prototype, 1),
});

/** Positive values whose unconstrained form is softplus⁻¹ rather than log: milder for large values. */
export const softplusPositive = defineConstraint({
  name: 'softplusPositive',
  check: (x) => tf.greater(x, lift(0)),
  feasibleLike: (prototype) => like(prototype, 1),
});

export type LowerBounded = Constraint<{ lowerBound: TensorLike }>;
export type UpperBounded = Constraint<{ upperBound: TensorLike }>;

const above = (prototype: tf.Tensor, bound: TensorLike, step: number): tf.Tensor =>
  like(prototype, tf.add(lift(bound), lift(step)));

/** x > lowerBound; the bound broadcasts. */
export const greaterThan = (lowerBound: TensorLike): LowerBounded =>
  defineConstraint({
    name: 'greaterThan',
    args: { lowerBound },
    check: (x, args) => tf.greater(x, lift(args.lowerBound)),
    feasibleLike: (prototype, args) => above(prototype, args.lowerBound, 1),
  });

/** x ≥ lowerBound; the bound broadcasts. */
export const greaterThanEq = (lowerBound: TensorLike): LowerBounded =>
  defineConstraint({
    name: 'greaterThanEq',
    args: { lowerBound },
    check: (x, args) => tf.greaterEqual(x, lift(args.lowerBound)),
    feasibleLike: (prototype, args) => above(prototype, args.lowerBound, 1),
  });

/** x < upperBound; the bound broadcasts. */
export const lessThan = (upperBound: TensorLike): UpperBounded =>
  defineConstraint({
    name: 'lessThan',
    args: { upperBound },
    check: (x, args) => tf.less(x, lift(args.upperBound)),
    feasibleLike: (prototype, args) => above(prototype, args.upperBound, -1),
  });

/** x ≤ upperBound; the bound broadcasts. */
export const lessThanEq = (upperBound: TensorLike): UpperBounded =>
  defineConstraint({
    name: 'lessThanEq',
    args: { upperBound },
    check: (x, args) => tf.lessEqual(x, lift(args.upperBound)),
    feasibleLike: (prototype, args) => above(prototype, args.upperBound, -1),
  });
