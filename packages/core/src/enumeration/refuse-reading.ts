/** Models that branch on a value in JavaScript would take the first of all values for the only one. */
import { formatShape, tf } from '@pyro-ts/ops';
import { HandlerError } from '../errors';
import type { SampleMessage } from '../messages/message';

/** From now on the numbers of an enumerated value cannot be read while the model runs. */
export function refuseReading(
  value: tf.Tensor,
  { name, condIndepStack }: SampleMessage,
  isRunning: () => boolean,
): void {
  Object.defineProperty(value, 'dataSync', {
    configurable: true,
    value: () => {
      if (!isRunning()) return tf.Tensor.prototype.dataSync.call(value);
      throw new HandlerError({
        site: name,
        problem: `the model read the numbers of the site, but they are all its values at once, shape ${formatShape(value.shape)}: the site is enumerated`,
        plates: condIndepStack,
        fix: 'use tensor operations: table.gather(z), tf.where(z.equal(1), a, b), indexing.vindex. Branches of JavaScript cannot depend on it.',
      });
    },
  });
}
