/** A variational autoencoder: Kingma & Welling (2014), with softplus layers, on synthetic binary images. */
import { lift, tf, type NdArray } from '@pyro-ts/ops';
import * as pyro from 'pyro-ts';
import { dist } from 'pyro-ts';
import { dataRandom, type DataRandom } from '../data/random';
import type { Learning } from './problem';

interface VaeSizes {
  readonly rows: number;
  readonly batch: number;
  readonly pixels: number;
  readonly hidden: number;
  readonly latent: number;
}

const matrix = (rows: number, columns: number, entry: () => number): NdArray => ({
  data: Float64Array.from({ length: rows * columns }, entry),
  shape: [rows, columns],
  dtype: 'float32',
});

/** Uniform within 1/√inputs, as PyTorch's linear layers start. */
const weights = (random: DataRandom, inputs: number, outputs: number): NdArray =>
  matrix(inputs, outputs, () => (2 * random.uniform() - 1) / Math.sqrt(inputs));

const zeros = (n: number): number[] => new Array<number>(n).fill(0);

const dense = (x: tf.Tensor, w: tf.Tensor, b: tf.Tensor): tf.Tensor => tf.add(tf.matMul(x, w), b);

export function vae({ rows, batch, pixels, hidden, latent }: VaeSizes): Learning {
  const random = dataRandom('svi-vae');
  const x = matrix(rows, pixels, () => (random.uniform() < 0.2 ? 1 : 0));
  const encoderStart = {
    w1: weights(random, pixels, hidden),
    wm: weights(random, hidden, latent),
    ws: weights(random, hidden, latent),
  };
  const decoderStart = { w1: weights(random, latent, hidden), w2: weights(random, hidden, pixels) };
  const decoder = () =>
    pyro.module('decoder', {
      init: { ...decoderStart, b1: zeros(hidden), b2: zeros(pixels) },
      apply: ({ w1, b1, w2, b2 }, z: tf.Tensor) => dense(tf.softplus(dense(z, w1, b1)), w2, b2),
    });
  const encoder = () =>
    pyro.module('encoder', {
      init: { ...encoderStart, b1: zeros(hidden), bm: zeros(latent), bs: zeros(latent) },
      apply: ({ w1, b1, wm, bm, ws, bs }, images: tf.Tensor) => {
        const h = tf.softplus(dense(images, w1, b1));
        return [dense(h, wm, bm), tf.exp(dense(h, ws, bs))] as const;
      },
    });
  const data = { size: rows, subsampleSize: batch };
  const model = (...[images]: tf.Tensor[]): void => {
    const decode = decoder();
    pyro.plate('data', data, () => {
      const z = pyro.sample('z', dist.Normal(0, 1).expand([latent]).toEvent(1));
      const pixel = dist.Bernoulli({ logits: decode(z) }).toEvent(1);
      pyro.sample('x', pixel, { obs: pyro.subsample(images, { eventDim: 1 }) });
    });
  };
  const guide = (...[images]: tf.Tensor[]): void => {
    const encode = encoder();
    pyro.plate('data', data, () => {
      const [loc, scale] = encode(pyro.subsample(images, { eventDim: 1 }));
      pyro.sample('z', dist.Normal(loc, scale).toEvent(1));
    });
  };
  const arrays = {
    x,
    ...Object.fromEntries(Object.entries(encoderStart).map(([name, w]) => [`encoder.${name}`, w])),
    ...Object.fromEntries(Object.entries(decoderStart).map(([name, w]) => [`decoder.${name}`, w])),
  };
  return { model, guide, args: [lift(x)], arrays };
}
