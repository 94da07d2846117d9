/** Log densities at given values, in the models' own (constrained) space. */
import { lift, tf, type TensorLike } from '@pyro-ts/ops';
import { LatentSiteError } from '../errors';
import { substitute } from '../handlers/substitute';
import { trace } from '../handlers/trace';
import { seed } from '../handlers/seed';
import type { Model } from '../model';
import type { Trace } from '../trace/trace';
import { unconstrainModel } from './unconstrained-model';

/**
 * Log joint density of a model at given values of its sites, nats (NumPyro's `log_density`).
 * @param params values by site, constrained space; sites without one are drawn with a fixed seed
 * @returns the scalar log density and the trace of the run
 */
export function logDensity<Args extends unknown[]>(
  model: Model<Args>,
  args: Args,
  params: Readonly<Record<string, TensorLike>>,
): { readonly logJoint: tf.Tensor; readonly trace: Trace } {
  const found = trace(seed(substitute(model, { data: params }), { seed: 0 })).getTrace(...args);
  return { logJoint: found.logProbSum(), trace: found };
}

/**
 * −(log joint density + log |Jacobian|) at unconstrained values, nats.
 * @param params unconstrained values by site
 * @returns a scalar
 * @throws {LatentSiteError} if a site has no value
 */
export function potentialEnergy<Args extends unknown[]>(
  model: Model<Args>,
  args: Args,
  params: Readonly<Record<string, TensorLike>>,
): tf.Tensor {
  const density = unconstrainModel(model, args);
  const pieces = density.sites.map(({ name, size, unconstrainedShape }) => {
    if (Object.hasOwn(params, name)) return tf.reshape(lift(params[name], 'float32'), [size]);
    throw new LatentSiteError({
      site: name,
      problem: `no value for the site; there are values for ${Object.keys(params).join(', ') || 'none'}`,
      fix: `give '${name}' an unconstrained value of shape [${unconstrainedShape.join(', ')}].`,
    });
  });
  return tf.neg(density.logDensity(tf.concat(pieces)));
}
