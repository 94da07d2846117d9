/** Independent normals over the vector of all latent sites. */
import { param, type Model } from '@pyro-ts/core';
import { constraints, Normal } from '@pyro-ts/distributions';
import { lift } from '@pyro-ts/ops';
import { continuousFamily, repeated } from './auto-continuous';
import { makeGuide, paramOf, type AutoGuide, type AutoGuideOptions } from './auto-guide';

const family = continuousFamily({
  name: 'AutoDiagonalNormal',
  posterior({ dim, initialLoc, initScale, prefix }) {
    const loc = param(`${prefix}_loc`, initialLoc);
    const scale = param(`${prefix}_scale`, repeated(dim, initScale), {
      constraint: constraints.independent(constraints.softplusPositive, 1),
    });
    return Normal(loc, scale).toEvent(1);
  },
  marginals: (params, prefix) => ({
    loc: lift(paramOf(params, `${prefix}_loc`)),
    scale: lift(paramOf(params, `${prefix}_scale`)),
  }),
});

/** As AutoNormal, with the parameters `auto_loc` and `auto_scale` of one vector in unconstrained space. */
export const AutoDiagonalNormal = <Args extends unknown[]>(
  model: Model<Args>,
  options: AutoGuideOptions = {},
): AutoGuide<Args> => makeGuide(family, model, options);
