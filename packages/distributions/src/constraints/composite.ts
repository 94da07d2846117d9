/** Constraints made of constraints. */
import { tf } from '@pyro-ts/ops';
import { defineConstraint, type Constraint } from './constraint';
import { allLast } from './parts';

export type Independent = Constraint<{ base: Constraint; reinterpretedBatchNdims: number }>;

/** The rightmost batch dims of `base` become event dims: a value is in the set when all its entries are. */
export function independent(base: Constraint, reinterpretedBatchNdims: number): Constraint {
  if (reinterpretedBatchNdims === 0) return base;
  return defineConstraint({
    name: 'independent',
    args: { base, reinterpretedBatchNdims },
    isDiscrete: base.isDiscrete,
    eventDim: base.eventDim + reinterpretedBatchNdims,
    check: (x, args) => allLast(args.base.check(x), reinterpretedBatchNdims),
    feasibleLike: (prototype, args) => args.base.feasibleLike(prototype),
  });
}

export type Cat = Constraint<{ parts: readonly Constraint[]; dim: number; lengths: readonly number[] }>;
export type Stack = Constraint<{ parts: readonly Constraint[]; dim: number }>;

/** Position of `dim` (negative, or counted from the left) in a rank. */
const axisOf = (dim: number, rank: number): number => (dim < 0 ? dim + rank : dim);

const pieces = (parts: readonly Constraint[]) => ({
  isDiscrete: parts.every((part) => part.isDiscrete),
  eventDim: Math.max(...parts.map((part) => part.eventDim)),
});

/**
 * Pieces of an axis under a constraint each.
 * @param dim axis of the value
 * @param lengths how much of the axis belongs to each part; default 1 each
 */
export function cat(
  parts: readonly Constraint[],
  dim = 0,
  lengths: readonly number[] = parts.map(() => 1),
): Cat {
  const { isDiscrete, eventDim } = pieces(parts);
  const each = (
    x: tf.Tensor,
    { parts: own }: { readonly parts: readonly Constraint[] },
    f: (part: Constraint, piece: tf.Tensor) => tf.Tensor,
  ): tf.Tensor[] => tf.split(x, [...lengths], axisOf(dim, x.rank)).map((piece, i) => f(own[i], piece));
  return defineConstraint({
    name: 'cat',
    args: { parts, dim, lengths },
    isDiscrete,
    eventDim,
    check: (x, args) => {
      const axis = axisOf(dim, x.rank);
      const checked = each(x, args, (part, piece) => allLast(part.check(piece), eventDim - part.eventDim));
      // Where the axis belongs to the event, the parts' verdicts are about the same values.
      return axis >= x.rank - eventDim
        ? checked.reduce((a, b) => tf.logicalAnd(a, b))
        : tf.concat(checked, axis);
    },
    feasibleLike: (prototype, args) =>
      tf.concat(
        each(prototype, args, (part, piece) => part.feasibleLike(piece)),
        axisOf(dim, prototype.rank),
      ),
  });
}

/**
 * Slices of an axis under a constraint each.
 * @param dim axis of the value: a batch axis (wrap in `independent` to make it part of the event), unless it lies among
 *   the event dims of the parts; then it adds one to them
 */
export function stack(parts: readonly Constraint[], dim = 0): Stack {
  const { isDiscrete, eventDim } = pieces(parts);
  const isEvent = dim < 0 && -dim <= eventDim;
  return defineConstraint({
    name: 'stack',
    args: { parts, dim },
    isDiscrete,
    eventDim: isEvent ? eventDim + 1 : eventDim,
    check: (x, args) => {
      const axis = axisOf(dim, x.rank);
      const checked = tf
        .unstack(x, axis)
        .map((slice, i) => allLast(args.parts[i].check(slice), eventDim - parts[i].eventDim));
      return isEvent ? checked.reduce((a, b) => tf.logicalAnd(a, b)) : tf.stack(checked, axis);
    },
    feasibleLike: (prototype, args) => {
      const axis = axisOf(dim, prototype.rank);
      return tf.stack(
        tf.unstack(prototype, axis).map((slice, i) => args.parts[i].feasibleLike(slice)),
        axis,
      );
    },
  });
}
