import { factor, sample } from '@pyro-ts/core';
import * as dist from '@pyro-ts/distributions';
import { cholesky, lift, tf, triangularSolve } from '@pyro-ts/ops';
import { dataRandom } from '../data/random';
import type { BenchmarkModel, ModelVariant } from './benchmark-model';

/** Regression with a squared-exponential kernel. */
export function gaussianProcess(n: number): BenchmarkModel {
  const random = dataRandom(`process ${n}`);
  const x = Array.from({ length: n }, (_, i) => (10 * i) / n + 0.01 * random.normal());
  const y = x.map((v) => Math.sin(v) + 0.2 * random.normal());
  const model = (): void => {
    const { rho, alpha, sigma } = parameters();
    const squares = tf.squaredDifference(lift(x).expandDims(1), lift(x).expandDims(0));
    const smooth = squares.div(rho.square().mul(-2)).exp().mul(alpha.square());
    const covarianceMatrix = smooth.add(tf.eye(n).mul(sigma.square()));
    sample('y', dist.MultivariateNormal({ loc: tf.zeros([n]), covarianceMatrix }), { obs: y });
  };
  return {
    name: `gaussian process ${n}`,
    c: 'gaussian_process',
    model,
    data: { x, y },
    block: [n, ...x, ...y],
    variants: variants(x, y),
  };
}

function parameters(): Record<'rho' | 'alpha' | 'sigma', tf.Tensor> {
  return {
    rho: sample('rho', dist.InverseGamma(5, 5)),
    alpha: sample('alpha', dist.HalfNormal(1)),
    sigma: sample('sigma', dist.HalfNormal(1)),
  };
}

function variants(x: number[], y: number[]): ModelVariant[] {
  const n = y.length;
  const covariance = ({ rho, alpha, sigma }: Record<'rho' | 'alpha' | 'sigma', tf.Tensor>): tf.Tensor => {
    const distance = lift(x).expandDims(1).sub(lift(x)).div(rho);
    const smooth = tf.exp(tf.mul(-0.5, distance.mul(distance)));
    return tf.add(tf.mul(alpha.mul(alpha), smooth), tf.diag(tf.fill([n], 1)).mul(sigma.mul(sigma)));
  };
  return [
    {
      name: 'distances scaled first',
      model: () => {
        const covarianceMatrix = covariance(parameters());
        sample('y', dist.MultivariateNormal({ loc: tf.zeros([n]), covarianceMatrix }), { obs: y });
      },
    },
    {
      name: 'factor given',
      model: () => {
        const scaleTril = cholesky(covariance(parameters()));
        sample('y', dist.MultivariateNormal({ loc: tf.zeros([n]), scaleTril }), { obs: y });
      },
    },
    {
      name: 'log density by hand',
      model: () => {
        const factorOf = cholesky(covariance(parameters()));
        const z = triangularSolve(factorOf, lift(y).expandDims(1));
        const diagonal = tf.sum(factorOf.mul(tf.eye(n)), 1);
        factor('y', z.square().sum().mul(-0.5).sub(diagonal.log().sum()));
      },
    },
  ];
}
