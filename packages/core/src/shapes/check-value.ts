/** Does the value of a sample site have a shape that its distribution and its plates can take? */
import { formatShape, type Shape } from '@pyro-ts/ops';
import { ShapeError } from '../errors';
import type { SampleMessage } from '../messages/message';
import { broadcastShapes, sameShape, sizeAt } from './batch';

/**
 * An observed value must fit the distribution dim by dim: broadcasting a [N] against a [N, 1] is a bug in the model
 * nearly always. Only a value with no batch dims at all counts for every element. A value that inference supplies may
 * have further dims on the left (particles, chains).
 * @throws {ShapeError}
 */
export function checkValueShape(message: SampleMessage): void {
  const { fn, value, isObserved, condIndepStack } = message;
  if (value === undefined) return;
  const batchRank = value.rank - fn.eventDim;
  const eventShape = value.shape.slice(Math.max(batchRank, 0));
  if (batchRank < 0 || !sameShape(eventShape, fn.eventShape)) {
    throw mismatch(message, `pass a value whose rightmost dims are ${formatShape(fn.eventShape)}.`);
  }
  const batchShape = value.shape.slice(0, batchRank);
  if (!isObserved) {
    if (broadcastShapes(batchShape, fn.batchShape) === undefined) {
      throw mismatch(message, `pass a value of shape ${formatShape(fn.shape())}.`);
    }
    return;
  }
  if (batchRank === 0 || sameShape(batchShape, fn.batchShape)) return;
  const plateDims = new Set(condIndepStack.map((frame) => frame.dim));
  const rank = Math.max(batchShape.length, fn.batchShape.length);
  for (let dim = -rank; dim < 0; dim++) {
    const have = sizeAt(batchShape, dim);
    const want = sizeAt(fn.batchShape, dim);
    const broadcasts = have === 1 && !plateDims.has(dim);
    if (have !== want && !broadcasts) throw mismatch(message, adviseDim(message, batchShape, dim));
  }
}

function adviseDim({ condIndepStack, fn }: SampleMessage, batchShape: Shape, dim: number): string {
  const have = sizeAt(batchShape, dim);
  const frame = condIndepStack.find((f) => f.dim === dim);
  if (frame !== undefined && have === frame.fullSize) {
    return `observe only the subsample: index the data with the indices that plate '${frame.name}' passes to its body, or use subsample(data).`;
  }
  if (frame !== undefined) {
    return `pass ${frame.size} observations along dim ${dim}, or open plate '${frame.name}' with size ${have}.`;
  }
  if (sizeAt(fn.batchShape, dim) !== 1) return `pass a value of shape ${formatShape(fn.shape())}.`;
  return fn.batchShape.length === 0
    ? `open a plate of size ${have} at dim ${dim} around the site, or expand the distribution to ${formatShape(batchShape)}.`
    : `reshape the value to ${formatShape(fn.shape())}, or open a plate of size ${have} at dim ${dim} around the site.`;
}

function mismatch({ name, fn, value, isObserved, condIndepStack }: SampleMessage, fix: string): ShapeError {
  const what = isObserved ? 'observed value' : 'value';
  const event = fn.eventDim > 0 ? ` and event shape ${formatShape(fn.eventShape)}` : '';
  return new ShapeError({
    site: name,
    problem: `${what} has shape ${formatShape(value?.shape ?? [])}; ${fn.toString()} has batch shape ${formatShape(fn.batchShape)}${event}`,
    plates: condIndepStack,
    fix,
  });
}
