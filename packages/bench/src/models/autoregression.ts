import { plate, sample } from '@pyro-ts/core';
import * as dist from '@pyro-ts/distributions';
import { lift } from '@pyro-ts/ops';
import { dataRandom } from '../data/random';
import type { BenchmarkModel } from './benchmark-model';

const order = 5;

/** AR(5): each value on the five before it, written as sums of shifted series. */
export function autoregression(steps: number): BenchmarkModel {
  const random = dataRandom(`autoregression ${steps}`);
  const truth = [0.4, 0.2, 0.1, -0.1, 0.05];
  const y: number[] = [];
  for (let t = 0; t < steps; t++)
    y.push(truth.reduce((sum, b, p) => sum + b * (y[t - 1 - p] ?? 0), 0.1) + 0.5 * random.normal());
  return {
    name: `AR(5) ${steps}`,
    c: 'ar',
    model: () => {
      const alpha = sample('alpha', dist.Normal(0, 10));
      const beta = sample('beta', dist.Normal(0, 10).expand([order]).toEvent(1));
      const sigma = sample('sigma', dist.HalfCauchy(2.5));
      const series = lift(y);
      let mean = alpha;
      for (let p = 0; p < order; p++)
        mean = mean.add(series.slice([order - 1 - p], [steps - order]).mul(beta.slice([p], [1])));
      plate('steps', steps - order, () => sample('y', dist.Normal(mean, sigma), { obs: y.slice(order) }));
    },
    block: [steps, order, ...y],
  };
}
