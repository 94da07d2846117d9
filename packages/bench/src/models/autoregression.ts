import { factor, plate, sample } from '@pyro-ts/core';
import * as dist from '@pyro-ts/distributions';
import { lift, tf } from '@pyro-ts/ops';
import { dataRandom } from '../data/random';
import type { BenchmarkModel, ModelVariant } from './benchmark-model';

const order = 5;

/** AR(5): each value on the five before it, written as sums of shifted series. */
export function autoregression(steps: number): BenchmarkModel {
  const random = dataRandom(`autoregression ${steps}`);
  const truth = [0.4, 0.2, 0.1, -0.1, 0.05];
  const y: number[] = [];
  for (let t = 0; t < steps; t++)
    y.push(truth.reduce((sum, b, p) => sum + b * (y[t - 1 - p] ?? 0), 0.1) + 0.5 * random.normal());
  const model = (): void => {
    const { alpha, beta, sigma } = parameters();
    const series = lift(y);
    let mean = alpha;
    for (let p = 0; p < order; p++)
      mean = mean.add(series.slice([order - 1 - p], [steps - order]).mul(beta.slice([p], [1])));
    plate('steps', steps - order, () => sample('y', dist.Normal(mean, sigma), { obs: y.slice(order) }));
  };
  return {
    name: `AR(5) ${steps}`,
    c: 'ar',
    model,
    data: { y },
    block: [steps, order, ...y],
    variants: variants(y),
  };
}

function parameters(): { alpha: tf.Tensor; beta: tf.Tensor; sigma: tf.Tensor } {
  const alpha = sample('alpha', dist.Normal(0, 10));
  const beta = sample('beta', dist.Normal(0, 10).expand([order]).toEvent(1));
  return { alpha, beta, sigma: sample('sigma', dist.HalfCauchy(2.5)) };
}

function variants(y: number[]): ModelVariant[] {
  const n = y.length - order;
  const later = y.slice(order);
  const lagged = later.map((_, t) => Array.from({ length: order }, (_, p) => y[t + order - 1 - p]));
  const observe = (mean: tf.Tensor, sigma: tf.Tensor): void => {
    plate('steps', n, () => sample('y', dist.Normal(mean, sigma), { obs: later }));
  };
  return [
    {
      name: 'matrix of lags',
      model: () => {
        const { alpha, beta, sigma } = parameters();
        observe(tf.dot(lift(lagged), beta).add(alpha), sigma);
      },
    },
    {
      name: 'stacked slices',
      model: () => {
        const { alpha, beta, sigma } = parameters();
        const series = lift(y);
        const lags = Array.from({ length: order }, (_, p) => series.slice([order - 1 - p], [n]));
        observe(tf.sum(tf.mul(tf.stack(lags), beta.expandDims(1)), 0).add(alpha), sigma);
      },
    },
    {
      name: 'residuals by hand',
      model: () => {
        const { alpha, beta, sigma } = parameters();
        let residual = lift(later).sub(alpha);
        tf.unstack(beta).forEach((b, p) => {
          residual = residual.sub(b.mul(y.slice(order - 1 - p, order - 1 - p + n)));
        });
        const z = residual.div(sigma);
        factor('y', z.square().sum().mul(-0.5).sub(sigma.log().mul(n)));
      },
    },
    {
      name: 'terms from the last',
      model: () => {
        const { alpha, beta, sigma } = parameters();
        const terms = Array.from({ length: order }, (_, p) =>
          beta.slice([p], [1]).mul(y.slice(order - 1 - p, order - 1 - p + n)),
        );
        observe(
          terms
            .reverse()
            .reduce((sum, term) => term.add(sum))
            .add(alpha),
          sigma,
        );
      },
    },
  ];
}
