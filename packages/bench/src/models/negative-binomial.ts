import { factor, plate, sample } from '@pyro-ts/core';
import * as dist from '@pyro-ts/distributions';
import { lgamma, lift, softplus, tf } from '@pyro-ts/ops';
import { dataRandom, normalMatrix } from '../data/random';
import type { BenchmarkModel, ModelVariant } from './benchmark-model';

/** Overdispersed counts with a log link: mean exp(eta), concentration phi. */
export function negativeBinomial(n: number, d: number): BenchmarkModel {
  const random = dataRandom(`counts ${n} ${d}`);
  const x = normalMatrix(random, n, d);
  const truth = Array.from({ length: d }, () => 0.3 * random.normal());
  const y = x.map((row) => {
    const rate = Math.exp(row.reduce((sum, v, j) => sum + v * truth[j], 1)) * -Math.log(random.uniform());
    let count = 0;
    for (let t = -Math.log(random.uniform()); t < rate; t -= Math.log(random.uniform())) count++;
    return count;
  });
  return {
    name: `negative binomial ${n}x${d}`,
    c: 'negative_binomial',
    model: () => {
      const { eta, phi } = latents(x);
      plate('rows', n, () =>
        sample('y', dist.NegativeBinomial({ totalCount: phi, logits: eta.sub(phi.log()) }), { obs: y }),
      );
    },
    data: { x, y },
    block: [n, d, ...x.flat(), ...y],
    variants: variants(x, y),
  };
}

function latents(x: number[][]): { eta: tf.Tensor; phi: tf.Tensor } {
  const intercept = sample('intercept', dist.Normal(0, 2.5));
  const beta = sample('beta', dist.Normal(0, 2.5).expand([x[0].length]).toEvent(1));
  const phi = sample('phi', dist.Exponential(1));
  return { eta: tf.matMul(lift(x), beta.expandDims(1)).squeeze([1]).add(intercept), phi };
}

function variants(x: number[][], y: number[]): ModelVariant[] {
  const rows = (observe: (eta: tf.Tensor, phi: tf.Tensor) => void) => () => {
    const { eta, phi } = latents(x);
    observe(eta, phi);
  };
  const counts = lift(y);
  return [
    {
      name: 'probabilities',
      model: rows((eta, phi) => {
        const probs = tf.sigmoid(eta.sub(phi.log()));
        plate('rows', y.length, () =>
          sample('y', dist.NegativeBinomial({ totalCount: phi, probs }), { obs: y }),
        );
      }),
    },
    {
      name: 'GammaPoisson',
      model: rows((eta, phi) => {
        const rate = phi.div(tf.exp(eta));
        plate('rows', y.length, () => sample('y', dist.GammaPoisson(phi, rate), { obs: y }));
      }),
    },
    {
      name: 'log density by hand, in log odds',
      model: rows((eta, phi) => {
        const logits = eta.sub(phi.log());
        const binomial = lgamma(counts.add(phi))
          .sub(lgamma(phi))
          .sub(lgamma(counts.add(1)));
        factor(
          'y',
          binomial
            .add(counts.mul(logits))
            .sub(counts.add(phi).mul(softplus(logits)))
            .sum(),
        );
      }),
    },
    {
      name: 'log density by hand, in mean and concentration',
      model: rows((eta, phi) => {
        const mean = tf.exp(eta);
        const binomial = tf.sub(lgamma(counts.add(phi)), tf.add(lgamma(phi), lgamma(counts.add(1))));
        const total = tf.log(mean.add(phi));
        const failures = phi.mul(phi.log().sub(total));
        factor('y', tf.sum(binomial.add(failures).add(counts.mul(eta.sub(total)))));
      }),
    },
  ];
}
