/** A multivariate normal over the vector of all latent sites. */
import { param, type Model } from '@pyro-ts/core';
import { constraints, MultivariateNormal } from '@pyro-ts/distributions';
import { lift, tf } from '@pyro-ts/ops';
import { continuousFamily, scaledIdentity } from './auto-continuous';
import { makeGuide, paramOf, type AutoGuide, type AutoGuideOptions } from './auto-guide';

const family = continuousFamily({
  name: 'AutoMultivariateNormal',
  posterior({ dim, initialLoc, initScale, prefix }) {
    const loc = param(`${prefix}_loc`, initialLoc);
    const scaleTril = param(`${prefix}_scale_tril`, scaledIdentity(dim, initScale), {
      constraint: constraints.scaledUnitLowerCholesky,
    });
    return MultivariateNormal({ loc, scaleTril });
  },
  marginals(params, prefix) {
    const squares = tf.square(lift(paramOf(params, `${prefix}_scale_tril`)));
    return { loc: lift(paramOf(params, `${prefix}_loc`)), scale: tf.sqrt(tf.sum(squares, -1)) };
  },
});

/** Parameters `auto_loc` [n] and `auto_scale_tril` [n, n] of one normal over all sites in unconstrained space. */
export const AutoMultivariateNormal = <Args extends unknown[]>(
  model: Model<Args>,
  options: AutoGuideOptions = {},
): AutoGuide<Args> => makeGuide(family, model, options);
