import { deterministic, factor, plate, sample } from '@pyro-ts/core';
import * as dist from '@pyro-ts/distributions';
import { lift, tf } from '@pyro-ts/ops';
import type { BenchmarkModel, ModelVariant } from './benchmark-model';

const y = [28, 8, -3, 7, -1, 1, 18, 12];
const se = [15, 10, 16, 11, 9, 11, 10, 18];

const hyperparameters = (): [mu: tf.Tensor, tau: tf.Tensor] => [
  sample('mu', dist.Normal(0, 5)),
  sample('tau', dist.HalfCauchy(5)),
];

function variants(): ModelVariant[] {
  return [
    {
      name: 'without plate',
      model: () => {
        const [mu, tau] = hyperparameters();
        const trans = sample('thetaTrans', dist.Normal(tf.zeros([8]), tf.ones([8])).toEvent(1));
        sample('y', dist.Normal(trans.mul(tau).add(mu), se).toEvent(1), { obs: y });
      },
    },
    {
      name: 'standardised residuals by hand',
      model: () => {
        const [mu, tau] = hyperparameters();
        const trans = plate('schools', 8, () => sample('thetaTrans', dist.Normal(0, 1)));
        const z = lift(y).sub(mu).sub(trans.mul(tau)).div(se);
        factor('y', z.square().sum().mul(-0.5));
      },
    },
    {
      name: 'school by school',
      model: () => {
        const [mu, tau] = hyperparameters();
        const trans = plate('schools', 8, () => sample('thetaTrans', dist.Normal(0, 1)));
        tf.unstack(trans).forEach((t, j) => {
          sample(`y${j}`, dist.Normal(mu.add(tau.mul(t)), se[j]), { obs: y[j] });
        });
      },
    },
    {
      name: 'centred',
      isReparameterised: true,
      model: () => {
        const [mu, tau] = hyperparameters();
        plate('schools', 8, () => {
          const theta = sample('theta', dist.Normal(mu, tau));
          sample('y', dist.Normal(theta, se), { obs: y });
        });
      },
    },
  ];
}

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
  data: { y, se },
  block: [8, ...y, ...se],
  variants: variants(),
};
