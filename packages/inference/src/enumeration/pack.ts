/** From the log density of a site, whose dims have positions, to a factor, whose dims have names. */
import { formatPlate, Scanned, type DensitySite } from '@pyro-ts/core';
import { formatShape, tf } from '@pyro-ts/ops';
import { EnumerationError } from '../errors';
import type { Dim } from './factor';
import { ordinalOf } from './ordinal';
import type { PlatedFactor } from './sum-product';

/** Whether a log density of this shape depends on enumerated sites. */
export function isEnumerated({ enumeration }: DensitySite, { shape }: tf.Tensor): boolean {
  if (enumeration === undefined) return false;
  return shape.some((size, i) => size > 1 && i - shape.length <= enumeration.firstAvailableDim);
}

/**
 * The steps of a scan are not independent, but their log densities add up.
 * @throws {EnumerationError} if a dim belongs neither to a plate nor to an enumerated site
 */
export function pack(site: DensitySite, logProbs: tf.Tensor): PlatedFactor {
  const logProb = site.kind === 'sample' && site.fn instanceof Scanned ? tf.sum(logProbs, 0) : logProbs;
  const plates = new Map(site.condIndepStack.map((frame) => [frame.dim, frame.name]));
  const dims: Dim[] = [];
  logProb.shape.forEach((size, i) => {
    if (size === 1) return;
    const dim = i - logProb.rank;
    const name = plates.get(dim) ?? site.enumeration?.dims.get(dim);
    if (name === undefined) throw undeclared(site, logProb, dim);
    dims.push(name);
  });
  const tensor =
    dims.length === logProb.rank
      ? logProb
      : tf.reshape(
          logProb,
          logProb.shape.filter((size) => size > 1),
        );
  return { tensor, dims, ordinal: ordinalOf(site.condIndepStack) };
}

function undeclared(site: DensitySite, { shape }: tf.Tensor, dim: number): EnumerationError {
  const size = shape[shape.length + dim];
  const inside = site.condIndepStack.map(formatPlate).join(', ') || 'no plate';
  return new EnumerationError(
    `the log density has shape ${formatShape(shape)}, with size ${size} at dim ${dim}, which belongs to no plate (the site is inside ${inside}), ` +
      'and depends on enumerated sites: whether its elements are independent given them is not known',
    `declare it: plate('…', {size: ${size}, dim: ${dim}}, () => …) around the site, or make the dim part of the event: .toEvent(${-dim}).`,
    site.name,
  );
}
