/** Independent normals in unconstrained space, one a site. */
import { param, sample, subsample, type Model } from '@pyro-ts/core';
import { constraints, Normal } from '@pyro-ts/distributions';
import { lift, tf } from '@pyro-ts/ops';
import { makeGuide, paramOf, type AutoGuide, type AutoGuideOptions, type GuideFamily } from './auto-guide';
import { valuesOf } from './constrain';
import { fullShape, insidePlates, repeatTo } from './plates';
import type { LatentSite } from './prototype';

const locName = (site: LatentSite, prefix: string): string => `${site.name}_${prefix}_loc`;
const scaleName = (site: LatentSite, prefix: string): string => `${site.name}_${prefix}_scale`;

const family: GuideFamily = {
  name: 'AutoNormal',

  draw({ prototype, plates, start, initScale, prefix, constrain }) {
    // Parameters are declared outside of the plates, because finding a start runs the model, which opens them itself.
    const declare = (site: LatentSite): (() => tf.Tensor) => {
      const { name, unconstrainedShape, unconstrainedEventDim: eventDim } = site;
      const full = fullShape(site, unconstrainedShape, eventDim);
      const loc = param(locName(site, prefix), (key) => repeatTo(start(key).unconstrained[name], full));
      const scale = param(scaleName(site, prefix), () => tf.fill([...full], initScale), {
        constraint: constraints.softplusPositive,
      });
      return () => {
        const fn = Normal(subsample(loc, { eventDim }), subsample(scale, { eventDim })).toEvent(eventDim);
        return sample(`${name}_unconstrained`, fn, { infer: { isAuxiliary: true } });
      };
    };
    const { sites } = prototype;
    return constrain(new Map(sites.map((site) => [site.name, insidePlates(plates, site, declare(site))])));
  },

  quantile({ prototype, prefix, constrain }, params, probability) {
    const quantileOf = (site: LatentSite): tf.Tensor =>
      Normal(paramOf(params, locName(site, prefix)), paramOf(params, scaleName(site, prefix))).icdf(
        lift(probability),
      );
    return valuesOf(constrain(new Map(prototype.sites.map((site) => [site.name, quantileOf(site)]))));
  },
};

/**
 * A normal for every entry of every latent site, independent of each other, in unconstrained space ("mean field").
 * Parameters `${site}_auto_loc` and `${site}_auto_scale`. Sites in subsampled plates get parameters for all elements.
 */
export const AutoNormal = <Args extends unknown[]>(
  model: Model<Args>,
  options: AutoGuideOptions = {},
): AutoGuide<Args> => makeGuide(family, model, options);
