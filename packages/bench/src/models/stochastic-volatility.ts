import { factor, plate, sample } from '@pyro-ts/core';
import * as dist from '@pyro-ts/distributions';
import { tf } from '@pyro-ts/ops';
import { dataRandom } from '../data/random';
import type { BenchmarkModel, ModelVariant } from './benchmark-model';

/** Log volatility as a random walk, returns Student-t. */
export function stochasticVolatility(steps: number): BenchmarkModel {
  const random = dataRandom(`volatility ${steps}`);
  let s = -1;
  const returns = Array.from({ length: steps }, () => {
    s += 0.05 * random.normal();
    return Math.exp(s) * random.normal();
  });
  const observe = (nu: tf.Tensor, volatility: tf.Tensor): void => {
    plate('days', steps, () => sample('r', dist.StudentT(nu, 0, volatility), { obs: returns }));
  };
  return {
    name: `stochastic volatility ${steps}`,
    c: 'stochastic_volatility',
    model: () => {
      const [sigma, nu] = parameters();
      const z = sample('z', dist.Normal(0, 1).expand([steps]).toEvent(1));
      observe(nu, tf.cumsum(z).mul(sigma).exp());
    },
    data: { returns },
    block: [steps, ...returns],
    variants: variants(returns, observe),
  };
}

const parameters = (): [sigma: tf.Tensor, nu: tf.Tensor] => [
  sample('sigma', dist.Exponential(50)),
  sample('nu', dist.Exponential(0.1)),
];

type Observe = (nu: tf.Tensor, volatility: tf.Tensor) => void;

function variants(returns: number[], observe: Observe): ModelVariant[] {
  const steps = returns.length;
  return [
    {
      name: 'scaled before it is summed',
      model: () => {
        const [sigma, nu] = parameters();
        const z = plate('innovations', steps, () => sample('z', dist.Normal(0, 1)));
        observe(nu, tf.exp(tf.cumsum(sigma.mul(z))));
      },
    },
    {
      name: 'returns divided by the volatility',
      model: () => {
        const [sigma, nu] = parameters();
        const z = sample('z', dist.Normal(0, 1).expand([steps]).toEvent(1));
        const logVolatility = tf.cumsum(z).mul(sigma);
        const scaled = tf.mul(returns, tf.exp(logVolatility.neg()));
        factor('r', dist.StudentT(nu, 0, 1).logProb(scaled).sum().sub(logVolatility.sum()));
      },
    },
    {
      name: 'centred',
      isReparameterised: true,
      model: () => {
        const [sigma, nu] = parameters();
        const s = sample('s', dist.ImproperUniform(dist.constraints.real, [], [steps]));
        const before = tf.pad(s.slice([0], [steps - 1]), [[1, 0]]);
        factor('walk', dist.Normal(before, sigma).logProb(s).sum());
        observe(nu, s.exp());
      },
    },
  ];
}
