import { plate, sample } from '@pyro-ts/core';
import * as dist from '@pyro-ts/distributions';
import { lift, tf } from '@pyro-ts/ops';
import { dataRandom } from '../data/random';
import type { BenchmarkModel } from './benchmark-model';

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
  return {
    name: `hierarchical ${groups}x${perGroup}`,
    c: 'hierarchical',
    model: () => {
      const muA = sample('muA', dist.Normal(0, 5));
      const muB = sample('muB', dist.Normal(0, 5));
      const sigmaA = sample('sigmaA', dist.HalfNormal(5));
      const sigmaB = sample('sigmaB', dist.HalfNormal(5));
      const sigma = sample('sigma', dist.HalfNormal(5));
      const [intercepts, slopes] = plate('groups', groups, () => [
        sample('a', dist.Normal(muA, sigmaA)),
        sample('b', dist.Normal(muB, sigmaB)),
      ]);
      const index = lift(group, 'int32') as tf.Tensor1D;
      const mean = tf.gather(intercepts, index).add(tf.gather(slopes, index).mul(lift(x)));
      plate('rows', n, () => sample('y', dist.Normal(mean, sigma), { obs: y }));
    },
    block: [groups, n, ...group, ...x, ...y],
  };
}
