/** Do mask and scale of a site fit its batch shape? */
import { formatShape, tf, type Shape } from '@pyro-ts/ops';
import { ShapeError } from '../errors';
import type { FactorMessage, SampleMessage } from '../messages/message';
import type { Enumeration } from '../messages/enumeration';
import { broadcastShapes, sameShape, sizeAt, withSizeAt } from './batch';

/**
 * A mask that stretched the log density of a site would count the site several times.
 * @throws {ShapeError}
 */
export function checkWeights(message: SampleMessage | FactorMessage): void {
  const own = message.kind === 'sample' ? message.fn.batchShape : message.value.shape;
  const batchShape = message.enumeration === undefined ? own : withEnumerationDims(own, message.enumeration);
  check(message, 'mask', message.mask, batchShape);
  check(message, 'scale', message.scale, batchShape);
}

/** A weight may depend on enumerated sites: along their dims it stretches nothing that is there only once. */
function withEnumerationDims(shape: Shape, { dims }: Enumeration): Shape {
  return [...dims].reduce(
    (wide, [dim, { size }]) => (sizeAt(wide, dim) === 1 ? withSizeAt(wide, dim, size) : wide),
    shape,
  );
}

function check(
  { name, condIndepStack }: SampleMessage | FactorMessage,
  what: 'mask' | 'scale',
  weight: tf.Tensor | number | boolean,
  batchShape: Shape,
): void {
  if (!(weight instanceof tf.Tensor)) return;
  const common = broadcastShapes(weight.shape, batchShape);
  if (common !== undefined && sameShape(common, batchShape)) return;
  throw new ShapeError({
    site: name,
    problem: `${what} of shape ${formatShape(weight.shape)} does not fit the batch shape ${formatShape(batchShape)}`,
    plates: condIndepStack,
    fix: `apply the ${what} only to the sites it is meant for: handlers.${what}(() => sample('${name}', …), {${what}})().`,
  });
}
