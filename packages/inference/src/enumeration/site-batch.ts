/** From named dims back to positions: what belongs to the elements of a discrete site. */
import { tf } from '@pyro-ts/ops';
import type { DiscreteLatent } from './enumerated-run';
import { aligned, type Factor } from './factor';

/** @param factor its dims are plates of the site, and those in `rest`; result: [...batch, ...rest] */
export function toBatch(
  { site, batchShape }: DiscreteLatent,
  factor: Factor,
  rest: Factor['dims'] = [],
): tf.Tensor {
  const names = new Map(site.condIndepStack.map(({ dim, name }) => [dim, name]));
  // A position without a plate has size 1; no plate is named ''.
  const order = [...batchShape.map((_, i) => names.get(i - batchShape.length) ?? ''), ...rest];
  const placed = aligned(factor, order);
  return tf.broadcastTo(placed, [...batchShape, ...placed.shape.slice(batchShape.length)]);
}
