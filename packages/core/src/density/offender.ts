/** Which element of a site has no finite log density: for messages. Reads values. */
import { describeOffender } from '@pyro-ts/distributions';
import { tf } from '@pyro-ts/ops';
import type { DensitySite } from '../trace/site';

/** `Infinity at index [1] of shape [3]`: the first element whose log density is not finite. */
export function offenderOf(site: DensitySite, logProb: tf.Tensor): string | undefined {
  const position = logProb.dataSync().findIndex((x) => !Number.isFinite(x));
  if (position < 0) return undefined;
  const eventShape = site.kind === 'sample' ? site.fn.eventShape : [];
  const values = tf.broadcastTo(site.value, [...logProb.shape, ...eventShape]);
  return describeOffender(values, position, eventShape.length);
}
