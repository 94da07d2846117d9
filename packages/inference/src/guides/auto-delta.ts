/** Point estimates. */
import { param, subsample, type Model, type ParamInit } from '@pyro-ts/core';
import { lift, tf } from '@pyro-ts/ops';
import {
  makeGuide,
  paramOf,
  type AutoGuide,
  type AutoGuideOptions,
  type GuideFamily,
  type GuideRun,
} from './auto-guide';
import { valuesOf, type ConstrainedSites } from './constrain';
import { fullShape, insidePlates, repeatTo } from './plates';
import type { LatentSite } from './prototype';

const locName = (site: LatentSite, prefix: string): string => `${site.name}_${prefix}_loc`;

const sitewise = <T>({ sites }: GuideRun['prototype'], f: (site: LatentSite) => T): ReadonlyMap<string, T> =>
  new Map(sites.map((site) => [site.name, f(site)]));

/** The site's parameter, inside its plates; in constrained space if the support is known beforehand. */
function declare(run: GuideRun, site: LatentSite): tf.Tensor {
  const { plates, start, prefix } = run;
  const space = run.prototype.isDynamic ? 'unconstrained' : 'constrained';
  const eventDim = space === 'constrained' ? site.eventDim : site.unconstrainedEventDim;
  const shape = space === 'constrained' ? site.shape : site.unconstrainedShape;
  const initial: ParamInit = (key) =>
    repeatTo(start(key)[space][site.name], fullShape(site, shape, eventDim));
  const options = space === 'constrained' ? { constraint: site.support } : {};
  const full = param(locName(site, prefix), initial, options);
  return insidePlates(plates, site, () => subsample(full, { eventDim }));
}

/** The density of a point estimate is that of the model alone: no Jacobian. */
const pointMass = (values: ReadonlyMap<string, tf.Tensor>): ConstrainedSites =>
  new Map([...values].map(([name, value]) => [name, { value, logDensity: tf.zeros([]) }]));

const family: GuideFamily = {
  name: 'AutoDelta',
  draw(run) {
    const values = sitewise(run.prototype, (site) => declare(run, site));
    return pointMass(run.prototype.isDynamic ? valuesOf(run.constrain(values)) : values);
  },
  quantile({ prototype, prefix, constrain }, params) {
    const values = sitewise(prototype, (site) => lift(paramOf(params, locName(site, prefix))));
    return prototype.isDynamic ? valuesOf(constrain(values)) : values;
  },
};

/**
 * A point for every latent site: SVI then finds the maximum of the joint density (MAP), in the model's own coordinates.
 * Parameters `${site}_auto_loc`, constrained to the support (unconstrained where that depends on other sites).
 */
export const AutoDelta = <Args extends unknown[]>(
  model: Model<Args>,
  options: Omit<AutoGuideOptions, 'initScale'> = {},
): AutoGuide<Args> => makeGuide(family, model, options);
