/** Gaussian processes on eleven points. */
import { deterministic, plate, sample } from '@pyro-ts/core';
import * as dist from '@pyro-ts/distributions';
import { cholesky, lift, tf, type NdArray } from '@pyro-ts/ops';
import { vector, type PosteriorDeclaration } from './posterior';
import { normalVector } from './priors';

/** (xᵢ − xⱼ)² */
function squaredDistances(x: Float64Array): NdArray {
  const data = Float64Array.from({ length: x.length ** 2 }, (_, k) => {
    const [i, j] = [Math.floor(k / x.length), k % x.length];
    return (x[i] - x[j]) ** 2;
  });
  return { data, shape: [x.length, x.length], dtype: 'float32' };
}

function identity(n: number): NdArray {
  const data = Float64Array.from({ length: n * n }, (_, k) => Number(k % (n + 1) === 0));
  return { data, shape: [n, n], dtype: 'float32' };
}

/** α² exp(−d² / (2 ρ²)) */
function kernel(distances: NdArray, rho: tf.Tensor, alpha: tf.Tensor): tf.Tensor {
  const exponent = tf.div(lift(distances), tf.mul(-2, tf.square(rho)));
  return tf.mul(tf.square(alpha), tf.exp(exponent));
}

export const gpRegression: PosteriorDeclaration = {
  name: 'gp_pois_regr-gp_regr',
  renormalised: ['alpha', 'sigma'],
  model: (data) => {
    const [x, y] = [vector(data, 'x'), vector(data, 'y')];
    const [distances, eye] = [squaredDistances(x), identity(x.length)];
    return () => {
      const rho = sample('rho', dist.Gamma(25, 4));
      const alpha = sample('alpha', dist.HalfNormal(2));
      const sigma = sample('sigma', dist.HalfNormal(1));
      const covariance = tf.add(kernel(distances, rho, alpha), tf.mul(sigma, lift(eye)));
      const scaleTril = cholesky(covariance);
      sample('y', dist.MultivariateNormal({ loc: new Float64Array(x.length), scaleTril }), { obs: y });
    };
  },
};

export const gpPoisson: PosteriorDeclaration = {
  name: 'gp_pois_regr-gp_pois_regr',
  renormalised: ['alpha'],
  model: (data) => {
    const [x, k] = [vector(data, 'x'), vector(data, 'k')];
    const [distances, eye] = [squaredDistances(x), identity(x.length)];
    return () => {
      const rho = sample('rho', dist.Gamma(25, 4));
      const alpha = sample('alpha', dist.HalfNormal(2));
      const raw = normalVector('f_tilde', x.length, 1);
      const covariance = tf.add(kernel(distances, rho, alpha), tf.mul(1e-10, lift(eye)));
      const product = tf.matMul(cholesky(covariance), tf.expandDims(raw, 1));
      const f = deterministic('f', tf.squeeze(product, [1]));
      plate('data', k.length, () => sample('k', dist.Poisson(tf.exp(f)), { obs: k }));
    };
  },
};
