import { plate, sample } from '@pyro-ts/core';
import * as dist from '@pyro-ts/distributions';
import { lift, tf } from '@pyro-ts/ops';
import { dataRandom, normalMatrix } from '../data/random';
import type { BenchmarkModel } from './benchmark-model';

/** Linear regression with Student-t noise of unknown degrees of freedom. */
export function robust(n: number, d: number): BenchmarkModel {
  const random = dataRandom(`robust ${n} ${d}`);
  const x = normalMatrix(random, n, d);
  const truth = Array.from({ length: d }, () => random.normal());
  const y = x.map((row) => {
    const noise =
      random.normal() / Math.sqrt((random.normal() ** 2 + random.normal() ** 2 + random.normal() ** 2) / 3);
    return row.reduce((sum, v, j) => sum + v * truth[j], 1) + noise;
  });
  return {
    name: `robust ${n}x${d}`,
    c: 'robust',
    model: () => {
      const intercept = sample('intercept', dist.Normal(0, 5));
      const beta = sample('beta', dist.Normal(0, 5).expand([d]).toEvent(1));
      const nu = sample('nu', dist.Gamma(2, 0.1));
      const sigma = sample('sigma', dist.HalfNormal(5));
      const mean = tf.matMul(lift(x), beta.expandDims(1)).squeeze([1]).add(intercept);
      plate('rows', n, () => sample('y', dist.StudentT(nu, mean, sigma), { obs: y }));
    },
    data: { x, y },
    block: [n, d, ...x.flat(), ...y],
  };
}
