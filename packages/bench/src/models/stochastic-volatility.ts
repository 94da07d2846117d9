import { plate, sample } from '@pyro-ts/core';
import * as dist from '@pyro-ts/distributions';
import { tf } from '@pyro-ts/ops';
import { dataRandom } from '../data/random';
import type { BenchmarkModel } from './benchmark-model';

/** Log volatility as a random walk, returns Student-t. */
export function stochasticVolatility(steps: number): BenchmarkModel {
  const random = dataRandom(`volatility ${steps}`);
  let s = -1;
  const returns = Array.from({ length: steps }, () => {
    s += 0.05 * random.normal();
    return Math.exp(s) * random.normal();
  });
  return {
    name: `stochastic volatility ${steps}`,
    c: 'stochastic_volatility',
    model: () => {
      const sigma = sample('sigma', dist.Exponential(50));
      const nu = sample('nu', dist.Exponential(0.1));
      const z = sample('z', dist.Normal(0, 1).expand([steps]).toEvent(1));
      const volatility = tf.cumsum(z).mul(sigma).exp();
      plate('days', steps, () => sample('r', dist.StudentT(nu, 0, volatility), { obs: returns }));
    },
    block: [steps, ...returns],
  };
}
