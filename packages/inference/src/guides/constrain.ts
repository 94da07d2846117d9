/** Unconstrained draws of a guide → values of the model's sites, with the densities that go with them. */
import { createHandler, handlers, produce, type Model } from '@pyro-ts/core';
import { bijectTo, type Transform } from '@pyro-ts/distributions';
import { tf, withLabel } from '@pyro-ts/ops';
import type { Plates } from './plates';
import { transformOf, type Prototype } from './prototype';

/** A site's value, and log |∂u/∂x| of its batch elements: the density that the change of variables adds. */
export interface ConstrainedSite {
  readonly value: tf.Tensor;
  readonly logDensity: tf.Tensor;
}

export type ConstrainedSites = ReadonlyMap<string, ConstrainedSite>;

export type Unconstrained = ReadonlyMap<string, tf.Tensor>;

/** The values alone. */
export const valuesOf = (sites: ConstrainedSites): ReadonlyMap<string, tf.Tensor> =>
  new Map([...sites].map(([name, { value }]) => [name, value]));

function through(transform: Transform, u: tf.Tensor): ConstrainedSite {
  const { y, intermediates } = transform.callWithIntermediates(u);
  return { value: y, logDensity: tf.neg(transform.logAbsDetJacobian(u, y, intermediates)) };
}

/** Runs the model, whose sites tell their supports as they come; its parameters are those of the run around. */
function alongModel<Args extends unknown[]>(
  model: Model<Args>,
  args: Args,
  unconstrained: Unconstrained,
  plates: Plates,
): ConstrainedSites {
  const found = new Map<string, ConstrainedSite>();
  const supply = createHandler(() => ({
    process(message) {
      if (message.kind === 'plate' && plates.get(message.name) !== undefined) {
        const { indices } = plates.get(message.name) as { indices: tf.Tensor };
        if (message.subsampleSize === message.size) return;
        return produce(message, (draft) => {
          draft.value = indices;
        });
      }
      if (message.kind !== 'sample' || message.isObserved) return;
      const u = unconstrained.get(message.name);
      if (u === undefined) return;
      const site = withLabel(message.name, () => through(bijectTo(message.fn.support), u));
      found.set(message.name, site);
      return produce(message, (draft) => {
        draft.value = site.value;
      });
    },
  }));
  const run = supply(handlers.seed(model, { seed: 'guide' }));
  handlers.block(() => run(...args), { exposeTypes: ['param'] })();
  return found;
}

/** Every site's value in its support. */
export function constrainSites<Args extends unknown[]>(
  prototype: Prototype,
  model: Model<Args>,
  args: Args,
  unconstrained: Unconstrained,
  plates: Plates,
): ConstrainedSites {
  if (prototype.isDynamic) return alongModel(model, args, unconstrained, plates);
  return new Map(
    prototype.sites.map((site) => [
      site.name,
      withLabel(site.name, () => through(transformOf(site), unconstrained.get(site.name) as tf.Tensor)),
    ]),
  );
}
