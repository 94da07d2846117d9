import { sample } from '@pyro-ts/core';
import * as dist from '@pyro-ts/distributions';
import { lift, tf } from '@pyro-ts/ops';
import { dataRandom } from '../data/random';
import type { BenchmarkModel } from './benchmark-model';

/** Regression with a squared-exponential kernel. */
export function gaussianProcess(n: number): BenchmarkModel {
  const random = dataRandom(`process ${n}`);
  const x = Array.from({ length: n }, (_, i) => (10 * i) / n + 0.01 * random.normal());
  const y = x.map((v) => Math.sin(v) + 0.2 * random.normal());
  return {
    name: `gaussian process ${n}`,
    c: 'gaussian_process',
    model: () => {
      const rho = sample('rho', dist.InverseGamma(5, 5));
      const alpha = sample('alpha', dist.HalfNormal(1));
      const sigma = sample('sigma', dist.HalfNormal(1));
      const squares = tf.squaredDifference(lift(x).expandDims(1), lift(x).expandDims(0));
      const smooth = squares.div(rho.square().mul(-2)).exp().mul(alpha.square());
      const covarianceMatrix = smooth.add(tf.eye(n).mul(sigma.square()));
      sample('y', dist.MultivariateNormal({ loc: tf.zeros([n]), covarianceMatrix }), { obs: y });
    },
    block: [n, ...x, ...y],
  };
}
