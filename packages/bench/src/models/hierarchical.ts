import { factor, plate, sample } from '@pyro-ts/core';
import * as dist from '@pyro-ts/distributions';
import { lift, tf } from '@pyro-ts/ops';
import { dataRandom } from '../data/random';
import type { BenchmarkModel, ModelVariant } from './benchmark-model';

/** Intercept and slope by group; rows in random order. */
export function hierarchical(groups: number, perGroup: number): BenchmarkModel {
  const random = dataRandom(`hierarchical ${groups} ${perGroup}`);
  const n = groups * perGroup;
  const group = Array.from({ length: n }, (_, i) => i % groups);
  for (let i = n - 1; i > 0; i--) {
    const j = random.index(i + 1);
    [group[i], group[j]] = [group[j], group[i]];
  }
  const a = Array.from({ length: groups }, () => 1 + random.normal());
  const b = Array.from({ length: groups }, () => -0.5 + 0.5 * random.normal());
  const x = Array.from({ length: n }, () => random.normal());
  const y = x.map((v, i) => a[group[i]] + b[group[i]] * v + 0.7 * random.normal());
  const model = (): void => {
    const { muA, muB, sigmaA, sigmaB, sigma } = hyperparameters();
    const [intercepts, slopes] = plate('groups', groups, () => [
      sample('a', dist.Normal(muA, sigmaA)),
      sample('b', dist.Normal(muB, sigmaB)),
    ]);
    const index = lift(group, 'int32') as tf.Tensor1D;
    const mean = tf.gather(intercepts, index).add(tf.gather(slopes, index).mul(lift(x)));
    plate('rows', n, () => sample('y', dist.Normal(mean, sigma), { obs: y }));
  };
  return {
    name: `hierarchical ${groups}x${perGroup}`,
    c: 'hierarchical',
    model,
    data: { groups, group, x, y },
    block: [groups, n, ...group, ...x, ...y],
    variants: variants({ groups, group, x, y }),
  };
}

function hyperparameters(): Record<'muA' | 'muB' | 'sigmaA' | 'sigmaB' | 'sigma', tf.Tensor> {
  return {
    muA: sample('muA', dist.Normal(0, 5)),
    muB: sample('muB', dist.Normal(0, 5)),
    sigmaA: sample('sigmaA', dist.HalfNormal(5)),
    sigmaB: sample('sigmaB', dist.HalfNormal(5)),
    sigma: sample('sigma', dist.HalfNormal(5)),
  };
}

function variants(data: { groups: number; group: number[]; x: number[]; y: number[] }): ModelVariant[] {
  const { groups, group, x, y } = data;
  const index = (): tf.Tensor1D => lift(group, 'int32') as tf.Tensor1D;
  const observe = (mean: tf.Tensor, sigma: tf.Tensor): void => {
    plate('rows', y.length, () => sample('y', dist.Normal(mean, sigma), { obs: y }));
  };
  return [
    {
      name: 'residuals by hand',
      model: () => {
        const { muA, muB, sigmaA, sigmaB, sigma } = hyperparameters();
        const a = plate('groups', groups, () => sample('a', dist.Normal(muA, sigmaA)));
        const b = plate('groups', groups, () => sample('b', dist.Normal(muB, sigmaB)));
        const residual = lift(y)
          .sub(tf.mul(x, tf.gather(b, index())))
          .sub(tf.gather(a, index()));
        factor('y', residual.square().sum().div(sigma.square().mul(-2)).sub(sigma.log().mul(y.length)));
      },
    },
    {
      name: 'coefficients gathered as a pair',
      model: () => {
        const { muA, muB, sigmaA, sigmaB, sigma } = hyperparameters();
        const [a, b] = plate('groups', groups, () => [
          sample('a', dist.Normal(muA, sigmaA)),
          sample('b', dist.Normal(muB, sigmaB)),
        ]);
        const coefficients = tf.gather(tf.stack([a, b], 1), index());
        observe(tf.sum(coefficients.mul(x.map((v) => [1, v])), 1), sigma);
      },
    },
    {
      name: 'non-centred',
      isReparameterised: true,
      model: () => {
        const { muA, muB, sigmaA, sigmaB, sigma } = hyperparameters();
        const [a, b] = plate('groups', groups, () => [
          sample('a', dist.Normal(0, 1)),
          sample('b', dist.Normal(0, 1)),
        ]);
        const intercepts = tf.gather(muA.add(sigmaA.mul(a)), index());
        observe(intercepts.add(tf.gather(muB.add(sigmaB.mul(b)), index()).mul(x)), sigma);
      },
    },
  ];
}
