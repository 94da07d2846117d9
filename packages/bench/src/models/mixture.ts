import { plate, sample } from '@pyro-ts/core';
import * as dist from '@pyro-ts/distributions';
import { dataRandom } from '../data/random';
import type { BenchmarkModel } from './benchmark-model';

/** Three normals, the component of each row summed out. */
export function mixture(n: number): BenchmarkModel {
  const random = dataRandom(`mixture ${n}`);
  const centres = [-4, 0, 3];
  const y = Array.from({ length: n }, () => centres[random.index(3)] + random.normal());
  return {
    name: `mixture ${n} K=3`,
    c: 'mixture',
    model: () => {
      const weights = sample('weights', dist.Dirichlet([1, 1, 1]));
      const [locs, scales] = plate('components', 3, () => [
        sample('mu', dist.Normal(0, 5)),
        sample('sigma', dist.HalfNormal(2)),
      ]);
      const components = dist.Normal(locs, scales);
      plate('rows', n, () =>
        sample('y', dist.MixtureSameFamily(dist.Categorical({ probs: weights }), components), { obs: y }),
      );
    },
    data: { y },
    block: [n, 3, ...y],
  };
}
