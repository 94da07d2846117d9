/** Does every batch dim of a trace belong to a plate? */
import { formatShape } from '@pyro-ts/ops';
import { ShapeError } from '../errors';
import { isDensitySite, type DensitySite } from './site';
import type { Trace } from './trace';

/** A batch dim that no plate declares. */
export interface UndeclaredDim {
  readonly site: DensitySite;
  readonly dim: number;
  readonly size: number;
}

/** Batch dims larger than one that no plate around the site declares: their elements are not known to be independent. */
export function undeclaredDims(trace: Trace): readonly UndeclaredDim[] {
  return [...trace.sites.values()].filter(isDensitySite).flatMap((site) => {
    const shape = site.kind === 'sample' ? site.fn.batchShape : site.value.shape;
    const declared = new Set(site.condIndepStack.map((frame) => frame.dim));
    return shape
      .map((size, i) => ({ site, dim: i - shape.length, size }))
      .filter(({ dim, size }) => size > 1 && !declared.has(dim));
  });
}

/**
 * For inference that relies on plates: subsampling, enumeration, the variance reduction of score functions.
 * @throws {ShapeError} naming the first site with a batch dim outside every plate
 */
export function checkPlates(trace: Trace): void {
  const [missing] = undeclaredDims(trace);
  if (missing === undefined) return;
  const { site, dim, size } = missing;
  const shape = site.kind === 'sample' ? site.fn.batchShape : site.value.shape;
  throw new ShapeError({
    site: site.name,
    problem: `batch shape ${formatShape(shape)} has size ${size} at dim ${dim}, which belongs to no plate`,
    plates: site.condIndepStack,
    fix: `declare independence: plate('…', {size: ${size}, dim: ${dim}}, () => …), or make the dim part of the event: .toEvent(${-dim}).`,
  });
}
