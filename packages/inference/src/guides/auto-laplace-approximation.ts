/** A normal at the mode, with the curvature there. */
import { handlers, param, unconstrainModel, type Model } from '@pyro-ts/core';
import { cholesky, choleskyInverse, lift, scoped, tf, toNdArray, type NdArray } from '@pyro-ts/ops';
import { Delta } from '@pyro-ts/distributions';
import { GuideError } from '../errors';
import { makeLogDensity } from '../log-density/model-log-density';
import type { ParamValues } from '../svi';
import { continuousFamily } from './auto-continuous';
import { makeGuide, paramOf, type AutoGuide, type AutoGuideOptions } from './auto-guide';
import { AutoMultivariateNormal } from './auto-multivariate-normal';

const family = continuousFamily({
  name: 'AutoLaplaceApproximation',
  posterior: ({ initialLoc, prefix }) => Delta({ v: param(`${prefix}_loc`, initialLoc), eventDim: 1 }),
  marginals(params, prefix) {
    const loc = lift(paramOf(params, `${prefix}_loc`));
    return { loc, scale: tf.zerosLike(loc) };
  },
});

/** A trained normal guide. */
export interface LaplaceResult<Args extends unknown[]> {
  readonly guide: AutoGuide<Args>;
  /** Its parameters, with those of the model. */
  readonly params: ParamValues;
}

export interface LaplaceGuide<Args extends unknown[]> extends AutoGuide<Args> {
  /**
   * The normal with mean at the mode and the inverse of the negative Hessian there as covariance, in unconstrained space.
   * @throws {GuideError} if the Hessian is not negative definite: the parameters are not at a maximum
   */
  laplaceApproximation(params: ParamValues, ...args: Args): LaplaceResult<Args>;
}

/**
 * Rows of the Hessian of a log density: fourth-order central differences of its exact gradient, symmetrised.
 * Relative error about 1e-10 for coordinates of the order of 1.
 */
function hessian(gradient: (q: Float64Array) => Float64Array, at: Float64Array): NdArray {
  const n = at.length;
  const data = new Float64Array(n * n);
  for (let j = 0; j < n; j++) {
    const h = 2 ** -9 * Math.max(1, Math.abs(at[j]));
    const shifted = (steps: number): Float64Array => gradient(at.with(j, at[j] + steps * h));
    const [a, b, c, d] = [shifted(-2), shifted(-1), shifted(1), shifted(2)];
    for (let i = 0; i < n; i++) {
      const slope = (a[i] - 8 * b[i] + 8 * c[i] - d[i]) / (12 * h);
      data[i * n + j] += 0.5 * slope;
      data[j * n + i] += 0.5 * slope;
    }
  }
  return { data, shape: [n, n], dtype: 'float32' };
}

function scaleTrilOf(curvature: NdArray): NdArray {
  const scaleTril = scoped(() => toNdArray(cholesky(choleskyInverse(cholesky(tf.neg(lift(curvature)))))));
  if (Array.from(scaleTril.data).every(Number.isFinite)) return scaleTril;
  throw new GuideError(
    'the Hessian of the log density is not negative definite at these parameters',
    'train the guide to convergence first; a flat or unbounded direction of the model has no Laplace approximation.',
  );
}

/**
 * Finds the mode in unconstrained space (parameter `auto_loc`); `laplaceApproximation` then gives a normal guide.
 * Its own quantiles and draws are those of the point.
 */
export function AutoLaplaceApproximation<Args extends unknown[]>(
  model: Model<Args>,
  options: Omit<AutoGuideOptions, 'initScale'> = {},
): LaplaceGuide<Args> {
  const { prefix = 'auto' } = options;
  const point = makeGuide(family, model, options);
  return Object.assign(point, {
    laplaceApproximation(params: ParamValues, ...args: Args): LaplaceResult<Args> {
      const loc = paramOf(params, `${prefix}_loc`);
      const ofModel = Object.fromEntries(Object.entries(params).filter(([name]) => name !== `${prefix}_loc`));
      const density = makeLogDensity(unconstrainModel(handlers.substitute(model, { data: ofModel }), args));
      const gradient = (q: Float64Array): Float64Array => {
        const g = new Float64Array(q.length);
        density.valueAndGrad(q, g);
        return g;
      };
      const scaleTril = scaleTrilOf(hessian(gradient, Float64Array.from(loc.data)));
      const guide = AutoMultivariateNormal(model, options);
      guide.setup(...args);
      return { guide, params: { ...ofModel, [`${prefix}_loc`]: loc, [`${prefix}_scale_tril`]: scaleTril } };
    },
  });
}
