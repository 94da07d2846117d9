/** Which dim an opening plate gets. */
import { PlateError, formatPlate } from '../errors';
import type { PlateFrame } from '../messages/frame';
import { installedHandlers } from '../stack/stack';

/** Plates that are open now, outermost first. */
export function openFrames(): readonly PlateFrame[] {
  return installedHandlers().flatMap((handler) => (handler.frame === undefined ? [] : [handler.frame]));
}

/**
 * The requested dim, or the rightmost one that no open plate has.
 * @throws {PlateError} if the plate is open already or its dim is taken
 */
export function allocateDim(name: string, size: number, requested: number | undefined): number {
  const open = openFrames();
  const taken = new Map(open.map((frame) => [frame.dim, frame]));
  let free = -1;
  while (taken.has(free)) free--;
  const other = taken.get(requested ?? free);
  if (other !== undefined) {
    throw new PlateError({
      problem: `plates '${other.name}' and '${name}' collide at dim ${requested}: ${formatPlate(other)} is open around ${formatPlate({ name, size, fullSize: size, dim: requested })}`,
      fix: `give plate '${name}' dim ${free}, or leave its dim out.`,
    });
  }
  return requested ?? free;
}
