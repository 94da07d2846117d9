import { plate, sample } from '@pyro-ts/core';
import * as dist from '@pyro-ts/distributions';
import { lift, tf } from '@pyro-ts/ops';
import { dataRandom, normalMatrix } from '../data/random';
import type { BenchmarkModel } from './benchmark-model';

export function logistic(n: number, d: number): BenchmarkModel {
  const random = dataRandom(`logistic ${n} ${d}`);
  const x = normalMatrix(random, n, d);
  const truth = Array.from({ length: d }, () => random.normal() / Math.sqrt(d));
  const y = x.map((row) => {
    const eta = row.reduce((sum, v, j) => sum + v * truth[j], 0.5);
    return random.uniform() < 1 / (1 + Math.exp(-eta)) ? 1 : 0;
  });
  return {
    name: `logistic ${n}x${d}`,
    c: 'logistic',
    model: () => {
      const intercept = sample('intercept', dist.Normal(0, 2.5));
      const beta = sample('beta', dist.Normal(0, 2.5).expand([d]).toEvent(1));
      const logits = tf.matMul(lift(x), beta.expandDims(1)).squeeze([1]).add(intercept);
      plate('rows', n, () => sample('y', dist.Bernoulli({ logits }), { obs: y }));
    },
    block: [n, d, ...x.flat(), ...y],
  };
}
