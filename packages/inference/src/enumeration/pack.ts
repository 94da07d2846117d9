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
 * The log densities of the steps of a scan add up, dependent as the steps are; so do those of batch dims that no plate
 * declares, where no enumerated site comes in.
 * @throws {EnumerationError} if a dim belongs neither to a plate nor to an enumerated site, and the site depends on one
 */
export function pack(site: DensitySite, logProbs: tf.Tensor): PlatedFactor {
  const ofSteps = site.kind === 'sample' && site.fn instanceof Scanned;
  const logProb = ofSteps ? tf.sum(logProbs, 0) : logProbs;
  const plates = new Map(site.condIndepStack.map((frame) => [frame.dim, frame.name]));
  const depends = isEnumerated(site, logProb);
  const dims: Dim[] = [];
  const loose: number[] = [];
  logProb.shape.forEach((size, i) => {
    const dim = i - logProb.rank;
    const name = plates.get(dim) ?? site.enumeration?.dims.get(dim);
    if (size === 1) return;
    if (name !== undefined) dims.push(name);
    else if (depends) throw undeclared(site, logProb, dim);
    else loose.push(i);
  });
  const total = loose.length === 0 ? logProb : tf.sum(logProb, loose);
  const tensor =
    dims.length === total.rank
      ? total
      : tf.reshape(
          total,
          total.shape.filter((size) => size > 1),
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
