/** Where a mixture can fall: wherever one of its components can. */
import { lift, tf } from '@pyro-ts/ops';
import { defineConstraint, type Constraint } from '../constraints/constraint';
import { tryBroadcast } from '../family/shapes';

/** Whether all components have one and the same support: no bound varies along the batch. */
export function isShared(support: Constraint): boolean {
  return Object.values(support.args).every((arg) => {
    if (typeof arg !== 'object') return true;
    if ('check' in arg) return isShared(arg as unknown as Constraint);
    return 'shape' in arg && 'dtype' in arg && arg.shape.length === 0;
  });
}

/** The union over the component axis, which lies left of the event dims. Expects `support.check` to broadcast over it. */
export function unionOverComponents(support: Constraint): Constraint {
  if (isShared(support)) return support;
  const { eventDim } = support;
  const withAxis = (x: tf.Tensor): tf.Tensor => tf.expandDims(x, x.rank - eventDim);
  return defineConstraint({
    name: 'mixture',
    args: { base: support },
    isDiscrete: support.isDiscrete,
    eventDim,
    check: (x) => tf.any(support.check(withAxis(x)), -1),
    feasibleLike: (prototype) => {
      const wide = withAxis(prototype);
      // Bounds may have more components than the axis of size 1: let them broadcast, then take the first.
      const bounds = support.check(wide).shape;
      const shape = tryBroadcast(wide.shape.slice(0, wide.rank - eventDim), bounds) ?? bounds;
      const full = tf.add(wide, tf.zeros([...shape, ...wide.shape.slice(wide.rank - eventDim)]));
      const axis = full.rank - eventDim - 1;
      return tf.squeeze(
        tf.slice(support.feasibleLike(full), startAt(full.rank), firstAlong(full.shape, axis)),
        [axis],
      );
    },
  });
}

const startAt = (rank: number): number[] => Array.from({ length: rank }, () => 0);
const firstAlong = (shape: readonly number[], axis: number): number[] =>
  shape.map((n, i) => (i === axis ? 1 : n));

/** Sum over the component axis. */
export const overComponents = (x: tf.Tensor, eventDim: number): tf.Tensor => tf.sum(x, -1 - eventDim);

/** −∞ for a component of weight zero, whatever its density: 0 · ∞ does not count. */
export const weighted = (logDensity: tf.Tensor, logWeight: tf.Tensor): tf.Tensor =>
  tf.where(tf.equal(logWeight, lift(-Infinity)), lift(-Infinity), tf.add(logDensity, logWeight));
