import { plate, sample } from '@pyro-ts/core';
import * as dist from '@pyro-ts/distributions';
import { lift, tf } from '@pyro-ts/ops';
import { dataRandom, normalMatrix } from '../data/random';
import type { BenchmarkModel } from './benchmark-model';

/** Overdispersed counts with a log link: mean exp(eta), concentration phi. */
export function negativeBinomial(n: number, d: number): BenchmarkModel {
  const random = dataRandom(`counts ${n} ${d}`);
  const x = normalMatrix(random, n, d);
  const truth = Array.from({ length: d }, () => 0.3 * random.normal());
  const y = x.map((row) => {
    const rate = Math.exp(row.reduce((sum, v, j) => sum + v * truth[j], 1)) * -Math.log(random.uniform());
    let count = 0;
    for (let t = -Math.log(random.uniform()); t < rate; t -= Math.log(random.uniform())) count++;
    return count;
  });
  return {
    name: `negative binomial ${n}x${d}`,
    c: 'negative_binomial',
    model: () => {
      const intercept = sample('intercept', dist.Normal(0, 2.5));
      const beta = sample('beta', dist.Normal(0, 2.5).expand([d]).toEvent(1));
      const phi = sample('phi', dist.Exponential(1));
      const eta = tf.matMul(lift(x), beta.expandDims(1)).squeeze([1]).add(intercept);
      plate('rows', n, () =>
        sample('y', dist.NegativeBinomial({ totalCount: phi, logits: eta.sub(phi.log()) }), { obs: y }),
      );
    },
    data: { x, y },
    block: [n, d, ...x.flat(), ...y],
  };
}
