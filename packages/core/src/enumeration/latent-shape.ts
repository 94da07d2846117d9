/** The shape of a latent site that is one value for all values of the enumerated sites. */
import type { Shape } from '@pyro-ts/ops';
import type { SampleMessage } from '../messages/message';

/**
 * `fn.shape()` without enumeration dims: a continuous site whose parameters depend on an enumerated one is still a single
 * value, whose density is summed over the enumerated one. Ones that only keep the enumeration dims in their place, left
 * of all plates of the site, are no dims of it either.
 */
export function latentShape({ fn, enumeration, condIndepStack }: SampleMessage): Shape {
  const { batchShape, eventShape } = fn;
  if (enumeration === undefined) return fn.shape();
  const room = -enumeration.firstAvailableDim - 1;
  if (batchShape.length <= room) return fn.shape();
  const kept = batchShape.slice(batchShape.length - room);
  const plates = Math.max(0, ...condIndepStack.map(({ dim }) => -(dim ?? 0)));
  while (kept.length > plates && kept[0] === 1) kept.shift();
  return [...kept, ...eventShape];
}
