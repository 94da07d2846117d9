import * as pyro from 'pyro-ts';
import { dist, tf } from 'pyro-ts';

export interface Sizes {
  readonly pixels: number;
  readonly hidden: number;
  readonly latent: number;
  /** Rows of a step; all if absent. */
  readonly batch?: number;
}

/** An affine map; its weights start uniform within 1/√inputs. */
const affine = (inputs: number, outputs: number) => ({
  w: (key: pyro.RandomKey | undefined) =>
    dist
      .Uniform(-1 / Math.sqrt(inputs), 1 / Math.sqrt(inputs))
      .expand([inputs, outputs])
      .sample([], { key }),
  b: new Float64Array(outputs),
});

interface Affine {
  readonly w: tf.Tensor;
  readonly b: tf.Tensor;
}

const apply = ({ w, b }: Affine, x: tf.Tensor): tf.Tensor => tf.add(tf.matMul(x, w), b);

/** Kingma & Welling (2014): a latent vector an image, a network from it to the pixels, and one that guesses it from them. */
export function vae({ pixels, hidden, latent, batch }: Sizes) {
  const decoder = () =>
    pyro.module('decoder', {
      init: { first: affine(latent, hidden), second: affine(hidden, pixels) },
      apply: ({ first, second }, z: tf.Tensor) => apply(second, tf.softplus(apply(first, z))),
    });

  const encoder = () =>
    pyro.module('encoder', {
      init: { first: affine(pixels, hidden), loc: affine(hidden, latent), logScale: affine(hidden, latent) },
      apply: ({ first, loc, logScale }, images: tf.Tensor) => {
        const h = tf.softplus(apply(first, images));
        return { loc: apply(loc, h), scale: tf.exp(apply(logScale, h)) };
      },
    });

  const rows = (images: tf.Tensor) => ({
    size: images.shape[0],
    ...(batch === undefined ? {} : { subsampleSize: batch }),
  });

  const model = (images: tf.Tensor) => {
    const decode = decoder();
    return pyro.plate('images', rows(images), () => {
      const z = pyro.sample('z', dist.Normal(0, 1).expand([latent]).toEvent(1));
      const logits = pyro.deterministic('logits', decode(z), { eventDim: 1 });
      return pyro.sample('pixels', dist.Bernoulli({ logits }).toEvent(1), {
        obs: pyro.subsample(images, { eventDim: 1 }),
      });
    });
  };

  const guide = (images: tf.Tensor) => {
    const encode = encoder();
    return pyro.plate('images', rows(images), () => {
      const { loc, scale } = encode(pyro.subsample(images, { eventDim: 1 }));
      return pyro.sample('z', dist.Normal(loc, scale).toEvent(1));
    });
  };

  return { model, guide };
}
