/** From the flat vector to the sites. */
import { sizeOf, tf } from '@pyro-ts/ops';
import { LatentSiteError } from '../errors';
import type { Layout } from './layout';
import type { UnconstrainedSource } from './unconstrain-handler';

/** @throws {LatentSiteError} if a point does not have the length of the layout */
export function checkLength(q: Float64Array, { dim, sites }: Layout): Float64Array {
  if (q.length === dim) return q;
  throw new LatentSiteError({
    problem: `a point of length ${q.length} was given; the sites ${sites.map((s) => s.name).join(', ')} have ${dim} coordinates`,
    fix: `pass ${dim} numbers in the order of the sites.`,
  });
}

/**
 * Cuts the flat vector into the sites' values.
 * @throws {LatentSiteError} from the source, at a site that was not there before or has another size
 */
export function coordinates({ sites }: Layout, q: tf.Tensor): UnconstrainedSource {
  const present = sites.filter((site) => site.size > 0);
  const sizes = present.map((site) => site.size);
  const pieces = present.length === 1 ? [q] : tf.split(q, sizes);
  const byName = new Map(present.map((site, i) => [site.name, pieces[i]]));
  return ({ message: { name, condIndepStack }, unconstrainedShape }) => {
    const piece = byName.get(name);
    if (piece?.size === sizeOf(unconstrainedShape)) return tf.reshape(piece, [...unconstrainedShape]);
    const known = sites.find((site) => site.name === name);
    if (known?.size === 0) return tf.zeros([...unconstrainedShape]);
    throw new LatentSiteError({
      site: name,
      problem:
        known === undefined
          ? 'the site was not there in the first run of the model'
          : `the site has ${sizeOf(unconstrainedShape)} coordinates now; it had ${known.size} in the first run of the model`,
      plates: condIndepStack,
      fix: 'let neither the presence nor the shape of a site depend on values or on random choices.',
    });
  };
}
