/** The shape of a latent site that is one value for all values of the enumerated sites. */
import type { Shape } from '@pyro-ts/ops';
import type { SampleMessage } from '../messages/message';

/**
 * `fn.shape()` without enumeration dims: a continuous site whose parameters depend on an enumerated one is still a single
 * value, whose density is summed over the enumerated one.
 */
export function latentShape({ fn, enumeration }: SampleMessage): Shape {
  if (enumeration === undefined) return fn.shape();
  const kept = fn.batchShape.slice(Math.max(0, fn.batchShape.length + enumeration.firstAvailableDim + 1));
  return [...kept, ...fn.eventShape];
}
