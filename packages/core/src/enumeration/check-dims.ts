/** Whether what a site depends on is in scope there. */
import { formatShape, type Shape } from '@pyro-ts/ops';
import { HandlerError, PlateError, formatPlate } from '../errors';
import type { Enumeration } from '../messages/enumeration';
import type { Message } from '../messages/message';

/**
 * @param shape batch shape
 * @throws {HandlerError} if it is larger than 1 along an enumeration dim that belongs to no site in scope
 */
export function checkEnumerationDims(message: Message, what: string, shape: Shape): void {
  const { firstAvailableDim, dims } = message.enumeration as Enumeration;
  for (let dim = -shape.length; dim <= firstAvailableDim; dim++) {
    const size = shape[shape.length + dim];
    if (size === 1 || dims.get(dim)?.size === size) continue;
    throw outOfScope(message, what, shape, dim);
  }
}

function outOfScope(message: Message, what: string, shape: Shape, dim: number): HandlerError {
  const { firstAvailableDim, dims } = message.enumeration as Enumeration;
  const { markov = [] } = message;
  const inScope = [...dims].map(([own, { site, size }]) => `'${site}' (size ${size}, dim ${own})`);
  const advice =
    markov.length > 0
      ? `if it depends on a site further back, raise the history of markov (it is ${markov.map(({ history }) => history).join(', ')}); if the dim is a batch dim of its own, declare it`
      : 'use the values of sites inside a markov context or a sequential plate only there; if the dim is a batch dim of its own, declare it';
  return new HandlerError({
    site: message.name,
    problem:
      `${what} ${formatShape(shape)} has size ${shape[shape.length + dim]} at dim ${dim}, which belongs to no enumerated site in scope ` +
      `(dims from ${firstAvailableDim} to the left are for enumeration; in scope: ${inScope.join(', ') || 'none'})`,
    plates: message.condIndepStack,
    fix: `${advice} by a plate with maxPlateNesting ${-dim} or more.`,
  });
}

/** @throws {PlateError} if a plate has a dim that is for enumeration */
export function checkPlateRoom(message: Message, firstAvailableDim: number): void {
  const frame = message.condIndepStack.find(({ dim }) => dim !== undefined && dim <= firstAvailableDim);
  if (frame === undefined) return;
  throw new PlateError({
    problem: `plates are nested too deep for enumeration: ${formatPlate(frame)} is where enumerated values go (dims from ${firstAvailableDim} to the left), at site '${message.name}'`,
    fix: `raise maxPlateNesting to ${-(frame.dim as number)} or more (firstAvailableDim: ${(frame.dim as number) - 1}).`,
  });
}
