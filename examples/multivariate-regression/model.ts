import * as pyro from 'pyro-ts';
import { dist, tf } from 'pyro-ts';

/** A response on p standardised predictors: a vector of coefficients is one site with an event dim. */
export function model(x: number[][], y?: number[]) {
  const p = x[0].length;
  const intercept = pyro.sample('intercept', dist.Normal(0, 10));
  const beta = pyro.sample('beta', dist.Normal(0, 1).expand([p]).toEvent(1));
  const sigma = pyro.sample('sigma', dist.HalfCauchy(1));
  const mean = tf.matMul(tf.tensor2d(x), beta.expandDims(1)).squeeze([1]).add(intercept);
  return pyro.plate('bushes', x.length, () => pyro.sample('y', dist.Normal(mean, sigma), { obs: y }));
}
