import { factor, plate, sample } from '@pyro-ts/core';
import * as dist from '@pyro-ts/distributions';
import { lift, softplus, tf } from '@pyro-ts/ops';
import { dataRandom, normalMatrix } from '../data/random';
import type { BenchmarkModel, ModelVariant } from './benchmark-model';

export function logistic(n: number, d: number): BenchmarkModel {
  const random = dataRandom(`logistic ${n} ${d}`);
  const x = normalMatrix(random, n, d);
  const truth = Array.from({ length: d }, () => random.normal() / Math.sqrt(d));
  const y = x.map((row) => {
    const eta = row.reduce((sum, v, j) => sum + v * truth[j], 0.5);
    return random.uniform() < 1 / (1 + Math.exp(-eta)) ? 1 : 0;
  });
  const observe = (logits: tf.Tensor): void => {
    plate('rows', n, () => sample('y', dist.Bernoulli({ logits }), { obs: y }));
  };
  const model = (): void => {
    const { intercept, beta } = coefficients(d);
    observe(tf.matMul(lift(x), beta.expandDims(1)).squeeze([1]).add(intercept));
  };
  return {
    name: `logistic ${n}x${d}`,
    c: 'logistic',
    model,
    data: { x, y },
    block: [n, d, ...x.flat(), ...y],
    variants: variants(x, y, observe),
  };
}

function coefficients(d: number): { intercept: tf.Tensor; beta: tf.Tensor } {
  const intercept = sample('intercept', dist.Normal(0, 2.5));
  return { intercept, beta: sample('beta', dist.Normal(0, 2.5).expand([d]).toEvent(1)) };
}

function variants(x: number[][], y: number[], observe: (logits: tf.Tensor) => void): ModelVariant[] {
  const d = x[0].length;
  const columns = x[0].map((_, j) => x.map((row) => row[j]));
  const withOnes = x.map((row) => [1, ...row]);
  const logits = (intercept: tf.Tensor, beta: tf.Tensor): tf.Tensor => tf.dot(lift(x), beta).add(intercept);
  return [
    {
      name: 'dot',
      model: () => {
        const { intercept, beta } = coefficients(d);
        observe(intercept.add(tf.dot(lift(x), beta)));
      },
    },
    {
      name: 'product and sum',
      model: () => {
        const { intercept, beta } = coefficients(d);
        observe(tf.sum(beta.mul(lift(x)), 1).add(intercept));
      },
    },
    {
      name: 'data by column',
      model: () => {
        const { intercept, beta } = coefficients(d);
        observe(tf.matMul(beta.expandDims(0), lift(columns)).squeeze([0]).add(intercept));
      },
    },
    {
      name: 'a column of ones',
      model: () => {
        const { intercept, beta } = coefficients(d);
        observe(tf.dot(lift(withOnes), tf.concat([intercept.expandDims(0), beta])));
      },
    },
    {
      name: 'log density by hand',
      model: () => {
        const { intercept, beta } = coefficients(d);
        const eta = logits(intercept, beta);
        factor('y', tf.sum(tf.sub(tf.mul(y, eta), softplus(eta))));
      },
    },
    {
      name: 'sum of the log probabilities of yes and no',
      model: () => {
        const { intercept, beta } = coefficients(d);
        const eta = logits(intercept, beta);
        const no = y.map((v) => 1 - v);
        factor('y', tf.neg(tf.add(tf.mul(y, softplus(eta.neg())), tf.mul(no, softplus(eta))).sum()));
      },
    },
    {
      name: 'logProb summed',
      model: () => {
        const { intercept, beta } = coefficients(d);
        factor(
          'y',
          dist
            .Bernoulli({ logits: logits(intercept, beta) })
            .logProb(lift(y))
            .sum(),
        );
      },
    },
  ];
}
