import { factor, plate, sample } from '@pyro-ts/core';
import * as dist from '@pyro-ts/distributions';
import { lift, logsumexp, tf } from '@pyro-ts/ops';
import { dataRandom } from '../data/random';
import type { BenchmarkModel, ModelVariant } from './benchmark-model';

/** Three normals, the component of each row summed out. */
export function mixture(n: number): BenchmarkModel {
  const random = dataRandom(`mixture ${n}`);
  const centres = [-4, 0, 3];
  const y = Array.from({ length: n }, () => centres[random.index(3)] + random.normal());
  return {
    name: `mixture ${n} K=3`,
    c: 'mixture',
    model: () => {
      const { weights, locs, scales } = latents();
      const components = dist.Normal(locs, scales);
      plate('rows', n, () =>
        sample('y', dist.MixtureSameFamily(dist.Categorical({ probs: weights }), components), { obs: y }),
      );
    },
    data: { y },
    block: [n, 3, ...y],
    variants: variants(y),
  };
}

interface Latents {
  readonly weights: tf.Tensor;
  readonly locs: tf.Tensor;
  readonly scales: tf.Tensor;
}

function latents(): Latents {
  const weights = sample('weights', dist.Dirichlet([1, 1, 1]));
  const [locs, scales] = plate('components', 3, () => [
    sample('mu', dist.Normal(0, 5)),
    sample('sigma', dist.HalfNormal(2)),
  ]);
  return { weights, locs, scales };
}

/** log density of each row under each component, weighted: [n, 3]. */
function joint(y: number[], { weights, locs, scales }: Latents): tf.Tensor {
  const z = tf.sub(lift(y).expandDims(1), locs).div(scales);
  return weights
    .log()
    .sub(scales.log())
    .sub(z.square().mul(0.5))
    .sub(0.5 * Math.log(2 * Math.PI));
}

function variants(y: number[]): ModelVariant[] {
  const byHand = (density: (l: Latents) => tf.Tensor) => () => {
    factor('y', density(latents()));
  };
  return [
    { name: 'logsumexp by hand', model: byHand((l) => logsumexp(joint(y, l), 1).sum()) },
    { name: 'tf.logSumExp by hand', model: byHand((l) => tf.logSumExp(joint(y, l), 1).sum()) },
    {
      name: 'log probabilities of the parts',
      model: byHand(({ weights, locs, scales }) => {
        const parts = dist.Normal(locs, scales).logProb(lift(y).expandDims(1));
        return tf.sum(logsumexp(parts.add(tf.log(weights)), -1));
      }),
    },
    {
      name: 'log of the sum of the weighted densities',
      model: byHand(({ weights, locs, scales }) => {
        const z = tf.sub(lift(y).expandDims(1), locs).div(scales);
        const parts = tf.exp(z.square().mul(-0.5)).mul(weights.div(scales.mul(Math.sqrt(2 * Math.PI))));
        return tf.log(tf.sum(parts, 1)).sum();
      }),
    },
  ];
}
