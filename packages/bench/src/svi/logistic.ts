/** Logistic regression on minibatches: standard normal priors, AutoNormal. */
import { lift, tf, type NdArray } from '@pyro-ts/ops';
import * as pyro from 'pyro-ts';
import { dist, infer } from 'pyro-ts';
import { dataRandom } from '../data/random';
import type { Learning } from './problem';

export function logistic(rows: number, columns: number, batch: number): Learning {
  const random = dataRandom('svi-logistic');
  const truth = Array.from({ length: columns }, () => random.normal());
  const x: NdArray = {
    data: Float64Array.from({ length: rows * columns }, () => random.normal()),
    shape: [rows, columns],
    dtype: 'float32',
  };
  const success = (i: number): number => {
    const logit = truth.reduce((sum, beta, j) => sum + beta * x.data[i * columns + j], 0);
    return random.uniform() < 1 / (1 + Math.exp(-logit)) ? 1 : 0;
  };
  const y: NdArray = {
    data: Float64Array.from({ length: rows }, (_, i) => success(i)),
    shape: [rows],
    dtype: 'float32',
  };
  const model = (...[inputs, outcomes]: tf.Tensor[]): void => {
    const w = pyro.sample('w', dist.Normal(0, 1).expand([columns]).toEvent(1));
    const b = pyro.sample('b', dist.Normal(0, 1));
    pyro.plate('data', { size: rows, subsampleSize: batch }, () => {
      const xb = pyro.subsample(inputs, { eventDim: 1 });
      const logits = tf.add(tf.squeeze(tf.matMul(xb, tf.expandDims(w, 1)), [1]), b);
      pyro.sample('y', dist.Bernoulli({ logits }), { obs: pyro.subsample(outcomes) });
    });
  };
  return { model, guide: infer.AutoNormal(model), args: [lift(x), lift(y)], arrays: { x, y } };
}
