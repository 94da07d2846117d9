/** Eight schools and a mixture. */
import { deterministic, factor, plate, sample } from '@pyro-ts/core';
import * as dist from '@pyro-ts/distributions';
import { tf } from '@pyro-ts/ops';
import { vector, type PosteriorDeclaration } from './posterior';
import { flat, normalVector } from './priors';

export const eightSchools: PosteriorDeclaration = {
  name: 'eight_schools-eight_schools_noncentered',
  renormalised: ['tau'],
  model: (data) => {
    const [y, sigma] = [vector(data, 'y'), vector(data, 'sigma')];
    return () => {
      const raw = normalVector('theta_trans', y.length, 1);
      const mu = sample('mu', dist.Normal(0, 5));
      const tau = sample('tau', dist.HalfCauchy(5));
      const theta = deterministic('theta', tf.add(mu, tf.mul(tau, raw)));
      plate('schools', y.length, () => sample('y', dist.Normal(theta, sigma), { obs: y }));
    };
  },
};

/** The parameters of low_dim_gauss_mix. */
export function mixturePriors(): { mu: tf.Tensor; sigma: tf.Tensor; weights: tf.Tensor } {
  const mu = flat('mu', dist.constraints.orderedVector, [2]);
  factor('mu_prior', tf.sum(dist.Normal(0, 2).logProb(mu)));
  const sigma = sample('sigma', dist.HalfNormal(2).expand([2]).toEvent(1));
  const theta = sample('theta', dist.Beta(5, 5));
  return { mu, sigma, weights: tf.stack([theta, tf.sub(1, theta)]) };
}

/** Two normals with ordered means; the ordering is not renormalised. */
export const gaussMix: PosteriorDeclaration = {
  name: 'low_dim_gauss_mix-low_dim_gauss_mix',
  renormalised: ['sigma (both)'],
  model: (data) => {
    const y = vector(data, 'y');
    return () => {
      const { mu, sigma, weights } = mixturePriors();
      plate('data', y.length, () =>
        sample('y', dist.MixtureSameFamily(dist.Categorical(weights), dist.Normal(mu, sigma)), { obs: y }),
      );
    };
  },
};
