import { factor, plate, sample } from '@pyro-ts/core';
import * as dist from '@pyro-ts/distributions';
import { lgamma, lift, tf } from '@pyro-ts/ops';
import { dataRandom, normalMatrix } from '../data/random';
import type { BenchmarkModel, ModelVariant } from './benchmark-model';

/** Linear regression with Student-t noise of unknown degrees of freedom. */
export function robust(n: number, d: number): BenchmarkModel {
  const random = dataRandom(`robust ${n} ${d}`);
  const x = normalMatrix(random, n, d);
  const truth = Array.from({ length: d }, () => random.normal());
  const y = x.map((row) => {
    const noise =
      random.normal() / Math.sqrt((random.normal() ** 2 + random.normal() ** 2 + random.normal() ** 2) / 3);
    return row.reduce((sum, v, j) => sum + v * truth[j], 1) + noise;
  });
  return {
    name: `robust ${n}x${d}`,
    c: 'robust',
    model: () => {
      const { mean, nu, sigma } = latents(x);
      plate('rows', n, () => sample('y', dist.StudentT(nu, mean, sigma), { obs: y }));
    },
    data: { x, y },
    block: [n, d, ...x.flat(), ...y],
    variants: variants(x, y),
  };
}

interface Latents {
  readonly mean: tf.Tensor;
  readonly nu: tf.Tensor;
  readonly sigma: tf.Tensor;
}

function latents(x: number[][]): Latents {
  const intercept = sample('intercept', dist.Normal(0, 5));
  const beta = sample('beta', dist.Normal(0, 5).expand([x[0].length]).toEvent(1));
  const nu = sample('nu', dist.Gamma(2, 0.1));
  const sigma = sample('sigma', dist.HalfNormal(5));
  const mean = tf.matMul(lift(x), beta.expandDims(1)).squeeze([1]).add(intercept);
  return { mean, nu, sigma };
}

/** The logarithm of the constant of Student's density, without that of the scale. */
const logConstant = (nu: tf.Tensor): tf.Tensor =>
  lgamma(nu.add(1).div(2))
    .sub(lgamma(nu.div(2)))
    .sub(nu.mul(Math.PI).log().mul(0.5));

function variants(x: number[][], y: number[]): ModelVariant[] {
  const byHand = (density: (l: Latents) => tf.Tensor) => () => {
    factor('y', density(latents(x)));
  };
  const n = y.length;
  return [
    {
      name: 'log density by hand',
      model: byHand(({ mean, nu, sigma }) => {
        const z = tf.sub(y, mean).div(sigma);
        const kernel = z.square().div(nu).log1p().mul(nu.add(1).div(-2));
        return kernel.add(logConstant(nu)).sub(sigma.log()).sum();
      }),
    },
    {
      name: 'log(1 + z²/ν), terms in another order',
      model: byHand(({ mean, nu, sigma }) => {
        const z = mean.sub(y).div(sigma);
        const kernel = tf.log(tf.add(1, z.mul(z).div(nu))).sum();
        const constant = logConstant(nu).sub(sigma.log()).mul(n);
        return constant.sub(kernel.mul(nu.add(1)).mul(0.5));
      }),
    },
    {
      name: 'log(ν + z²)',
      model: byHand(({ mean, nu, sigma }) => {
        const z = tf.sub(y, mean).div(sigma);
        const kernel = tf.log(nu.add(z.square())).sub(tf.log(nu)).mul(nu.add(1).mul(0.5));
        return tf.sum(tf.sub(logConstant(nu).sub(sigma.log()), kernel));
      }),
    },
    {
      name: 'logProb summed',
      model: byHand(({ mean, nu, sigma }) => dist.StudentT(nu, mean, sigma).logProb(lift(y)).sum()),
    },
  ];
}
