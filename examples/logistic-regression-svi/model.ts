import * as pyro from 'pyro-ts';
import { dist, tf } from 'pyro-ts';

/** Malignant or not on ten measurements; every step of SVI looks at a minibatch of the tumours. */
export function model(x: number[][], malignant: number[], batchSize = 64) {
  const p = x[0].length;
  const intercept = pyro.sample('intercept', dist.Normal(0, 2.5));
  const beta = pyro.sample('beta', dist.Normal(0, 2.5).expand([p]).toEvent(1)); // prettier-ignore
  pyro.plate('tumours', { size: x.length, subsampleSize: batchSize }, (rows) => {
    const batch = tf.gather(tf.tensor2d(x), rows);
    const logits = tf.matMul(batch, beta.expandDims(1)).squeeze([1]).add(intercept);
    pyro.sample('malignant', dist.Bernoulli({ logits }), { obs: tf.gather(tf.tensor1d(malignant), rows) });
  });
}
