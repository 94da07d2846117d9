/** All latent sites as one vector, for guides with one distribution over all of them. */
import { sizeOf, tf, type NdArray } from '@pyro-ts/ops';
import { GuideError } from '../errors';
import type { InitialValues } from '../initialization';
import type { Unconstrained } from './constrain';
import type { Prototype } from './prototype';

/** Number of coordinates. */
export const dimOf = ({ sites }: Prototype): number =>
  sites.reduce((dim, { unconstrainedShape }) => dim + sizeOf(unconstrainedShape), 0);

/** Cuts [...lead, dim] into the sites' unconstrained values; `lead` are plates to the left of the model's own. */
export function unpackLatent({ sites }: Prototype, latent: tf.Tensor): Unconstrained {
  const lead = latent.shape.slice(0, -1);
  const sizes = sites.map(({ unconstrainedShape }) => sizeOf(unconstrainedShape));
  const pieces = sites.length === 1 ? [latent] : tf.split(latent, sizes, latent.rank - 1);
  return new Map(
    sites.map(({ name, unconstrainedShape, unconstrainedEventDim }, i) => {
      const batchRank = unconstrainedShape.length - unconstrainedEventDim;
      // Inside an outer plate at dim −k the latent vector has batch rank k; the site's own dims take the last places.
      const outer = lead.slice(0, Math.max(0, lead.length - batchRank));
      return [name, tf.reshape(pieces[i], [...outer, ...unconstrainedShape])];
    }),
  );
}

/** The sites' unconstrained values one after the other. */
export const packLatent = ({ sites }: Prototype, values: InitialValues): NdArray => {
  const data = Float64Array.from(sites.flatMap(({ name }) => Array.from(values[name].data)));
  return { data, shape: [data.length], dtype: 'float32' };
};

/** One vector has no place for parameters of elements that a subsample leaves out. */
export function refuseSubsampled(guide: string, { sites }: Prototype): void {
  for (const { name, plates } of sites) {
    const plate = plates.find(({ size, fullSize }) => size !== fullSize);
    if (plate === undefined) continue;
    throw new GuideError(
      `${guide} has one distribution over all sites, but '${name}' is inside plate '${plate.name}', of which a run sees ` +
        `${plate.size} of ${plate.fullSize} elements`,
      'use AutoNormal or AutoDelta, which keep parameters for all elements, or take the whole plate.',
      name,
    );
  }
}
