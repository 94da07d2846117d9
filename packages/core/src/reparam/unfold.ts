/** Distributions as a base and the transforms that make them: an open table for families with formulas of their own. */
import { Normal, transforms, type Distribution, type Transform } from '@pyro-ts/distributions';
import { baseOf } from './unwrap';

export interface Unfolded {
  readonly base: Distribution;
  /** In the order in which they are applied. */
  readonly transforms: readonly Transform[];
}

const table = new Map<string, (fn: Distribution) => Unfolded>();

/** Lets `TransformReparam` take a family apart. */
export function registerUnfolding(family: string, unfold: (fn: Distribution) => Unfolded): void {
  table.set(family, unfold);
}

/** Undefined if nobody knows how. */
export function unfold(fn: Distribution): Unfolded | undefined {
  const { transforms: parts } = fn as Distribution & { readonly transforms?: readonly Transform[] };
  if (fn.family === 'TransformedDistribution' && parts !== undefined)
    return { base: baseOf(fn), transforms: parts };
  return table.get(fn.family)?.(fn);
}

registerUnfolding('LogNormal', ({ params: { loc, scale }, batchShape }) => ({
  base: Normal({ loc, scale }).expand(batchShape),
  transforms: [transforms.ExpTransform()],
}));
