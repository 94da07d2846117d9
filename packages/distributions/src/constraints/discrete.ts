/** Integers and vectors of integers, of any dtype. */
import { lift, tf, type TensorLike } from '@pyro-ts/ops';
import { defineConstraint, type Constraint } from './constraint';
import type { LowerBounded } from './half-line';
import type { Bounded } from './interval';
import { allLast, asFloat, both, isInteger, like, near, sumLast } from './parts';

/** 0 or 1, true or false */
export const boolean = defineConstraint({
  name: 'boolean',
  isDiscrete: true,
  check: (x) => tf.logicalOr(tf.equal(asFloat(x), lift(0)), tf.equal(asFloat(x), lift(1))),
  feasibleLike: (prototype) => like(prototype, 0),
});

/** Any integer. */
export const integer = defineConstraint({
  name: 'integer',
  isDiscrete: true,
  check: isInteger,
  feasibleLike: (prototype) => like(prototype, 0),
});

const integersFrom = (name: string, first: number): Constraint =>
  defineConstraint({
    name,
    isDiscrete: true,
    check: (x) => both(isInteger(x), tf.greaterEqual(asFloat(x), lift(first))),
    feasibleLike: (prototype) => like(prototype, first),
  });

/** 0, 1, 2, … */
export const nonnegativeInteger = integersFrom('nonnegativeInteger', 0);

/** 1, 2, 3, … */
export const positiveInteger = integersFrom('positiveInteger', 1);

/** lowerBound, …, upperBound, both included; bounds broadcast. */
export const integerInterval = (lowerBound: TensorLike, upperBound: TensorLike): Bounded =>
  defineConstraint({
    name: 'integerInterval',
    args: { lowerBound, upperBound },
    isDiscrete: true,
    check: (x, args) =>
      both(
        isInteger(x),
        tf.greaterEqual(asFloat(x), lift(args.lowerBound)),
        tf.lessEqual(asFloat(x), lift(args.upperBound)),
      ),
    feasibleLike: (prototype, args) => like(prototype, args.lowerBound),
  });

/** Integers ≥ lowerBound + 1. */
export const integerGreaterThan = (lowerBound: TensorLike): LowerBounded =>
  defineConstraint({
    name: 'integerGreaterThan',
    args: { lowerBound },
    isDiscrete: true,
    check: (x, args) => both(isInteger(x), tf.greater(asFloat(x), lift(args.lowerBound))),
    feasibleLike: (prototype, args) => like(prototype, tf.add(lift(args.lowerBound), lift(1))),
  });

/** (first, 0, …, 0) in every batch position; `first` has batch shape. */
function firstOf(prototype: tf.Tensor, first: tf.Tensor): tf.Tensor {
  const n = prototype.shape[prototype.rank - 1];
  const unit = Float64Array.from({ length: n }, (_, i) => (i === 0 ? 1 : 0));
  return like(prototype, tf.mul(lift(unit), tf.expandDims(asFloat(first), -1)));
}

/** Vectors with one 1 and zeros elsewhere. */
export const oneHot = defineConstraint({
  name: 'oneHot',
  isDiscrete: true,
  eventDim: 1,
  check: (x) => both(allLast(boolean.check(x), 1), tf.equal(sumLast(asFloat(x), 1), lift(1))),
  feasibleLike: (prototype) => firstOf(prototype, lift(1)),
});

/** Vectors of counts that sum to upperBound. */
export const multinomial = (upperBound: TensorLike): Constraint<{ upperBound: TensorLike }> =>
  defineConstraint({
    name: 'multinomial',
    args: { upperBound },
    isDiscrete: true,
    eventDim: 1,
    check: (x, args) =>
      both(allLast(nonnegativeInteger.check(x), 1), near(sumLast(asFloat(x), 1), args.upperBound, 0)),
    feasibleLike: (prototype, args) => firstOf(prototype, lift(args.upperBound)),
  });
