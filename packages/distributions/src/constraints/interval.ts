/** Numbers between two bounds. */
import { lift, tf, type TensorLike } from '@pyro-ts/ops';
import { defineConstraint, type Constraint } from './constraint';
import { both, like } from './parts';

export type Bounded = Constraint<{ lowerBound: TensorLike; upperBound: TensorLike }>;

type Compare = (x: tf.Tensor, bound: tf.Tensor) => tf.Tensor;

const middle = (prototype: tf.Tensor, a: TensorLike, b: TensorLike): tf.Tensor =>
  like(prototype, tf.add(tf.mul(lift(a), lift(0.5)), tf.mul(lift(b), lift(0.5))));

const between =
  (name: string, aboveLower: Compare, belowUpper: Compare) =>
  (lowerBound: TensorLike, upperBound: TensorLike): Bounded =>
    defineConstraint({
      name,
      args: { lowerBound, upperBound },
      check: (x, args) => both(aboveLower(x, lift(args.lowerBound)), belowUpper(x, lift(args.upperBound))),
      feasibleLike: (prototype, args) => middle(prototype, args.lowerBound, args.upperBound),
    });

/** lowerBound ≤ x ≤ upperBound; bounds broadcast. */
export const interval = between('interval', tf.greaterEqual, tf.lessEqual);

/** lowerBound < x < upperBound; bounds broadcast. */
export const openInterval = between('openInterval', tf.greater, tf.less);

/** lowerBound ≤ x < upperBound; bounds broadcast. */
export const halfOpenInterval = between('halfOpenInterval', tf.greaterEqual, tf.less);

/** 0 ≤ x ≤ 1 */
export const unitInterval = defineConstraint({
  name: 'unitInterval',
  check: (x) => both(tf.greaterEqual(x, lift(0)), tf.lessEqual(x, lift(1))),
  feasibleLike: (prototype) => like(prototype, 0.5),
});

/** Angles in [−π, π]; the ends are the same point. */
export const circular = defineConstraint({
  name: 'circular',
  check: (x) => both(tf.greaterEqual(x, lift(-Math.PI)), tf.lessEqual(x, lift(Math.PI))),
  feasibleLike: (prototype) => like(prototype, 0),
});
