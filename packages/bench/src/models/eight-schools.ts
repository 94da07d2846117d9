import { deterministic, plate, sample } from '@pyro-ts/core';
import * as dist from '@pyro-ts/distributions';
import type { BenchmarkModel } from './benchmark-model';

const y = [28, 8, -3, 7, -1, 1, 18, 12];
const se = [15, 10, 16, 11, 9, 11, 10, 18];

export const eightSchools: BenchmarkModel = {
  name: 'eight schools',
  c: 'eight_schools',
  model: () => {
    const mu = sample('mu', dist.Normal(0, 5));
    const tau = sample('tau', dist.HalfCauchy(5));
    plate('schools', 8, () => {
      const trans = sample('thetaTrans', dist.Normal(0, 1));
      const theta = deterministic('theta', mu.add(tau.mul(trans)));
      sample('y', dist.Normal(theta, se), { obs: y });
    });
  },
  block: [8, ...y, ...se],
};
