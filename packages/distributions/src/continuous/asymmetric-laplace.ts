import { random, tf } from '@pyro-ts/ops';
import { openInterval, positive, real } from '../constraints';
import { defaulted, defineFamily, type Draw } from '../family';
import { locate, standardise, type LocationScale } from './standardise';

interface Asymmetric extends LocationScale {
  /** κ: the left tail has scale κ · scale, the right one scale / κ. */
  readonly asymmetry: tf.Tensor;
}

/** Mass left of loc: κ² / (1 + κ²). */
const leftMass = (k: tf.Tensor): tf.Tensor => {
  const square = tf.square(k);
  return tf.div(square, tf.add(1, square));
};

/** Mass right of loc: 1 / (1 + κ²). */
const rightMass = (k: tf.Tensor): tf.Tensor => tf.reciprocal(tf.add(1, tf.square(k)));

/** Scaled distances into the left and into the right tail, 0 on the other side. */
function tails(p: Asymmetric, x: tf.Tensor): readonly [tf.Tensor, tf.Tensor] {
  const z = standardise(p, x);
  return [tf.div(tf.minimum(z, 0), p.asymmetry), tf.mul(tf.maximum(z, 0), p.asymmetry)];
}

function quantile(p: Asymmetric, q: tf.Tensor): tf.Tensor {
  const k = p.asymmetry;
  const left = leftMass(k);
  const inLeft = tf.less(q, left);
  const fromLeft = tf.mul(k, tf.log(tf.div(tf.where(inLeft, q, left), left)));
  const rest = tf.where(inLeft, rightMass(k), tf.sub(1, q));
  const fromRight = tf.div(tf.log(tf.div(rest, rightMass(k))), k);
  return locate(p, tf.sub(fromLeft, fromRight));
}

/** The formulas for any parameters that can be read as loc, scale and asymmetry. */
const formulas = <V>(read: (view: V) => Asymmetric) => ({
  support: real,
  rsample: (view: V, { key, shape }: Draw) => quantile(read(view), random.openUniform(key, shape)),
  logProb: (view: V, x: tf.Tensor) => {
    const p = read(view);
    const [left, right] = tails(p, x);
    const width = tf.add(p.asymmetry, tf.reciprocal(p.asymmetry));
    return tf.sub(tf.sub(left, right), tf.add(tf.log(p.scale), tf.log(width)));
  },
  mean: (view: V) => {
    const p = read(view);
    return locate(p, tf.sub(tf.reciprocal(p.asymmetry), p.asymmetry));
  },
  mode: (view: V) => read(view).loc,
  variance: (view: V) => {
    const { asymmetry: k, scale } = read(view);
    return tf.mul(tf.square(scale), tf.add(tf.square(k), tf.reciprocal(tf.square(k))));
  },
  entropy: (view: V) => {
    const { asymmetry: k, scale } = read(view);
    return tf.add(tf.add(tf.log(scale), tf.log(tf.add(k, tf.reciprocal(k)))), 1);
  },
  cdf: (view: V, x: tf.Tensor) => {
    const p = read(view);
    const [left, right] = tails(p, x);
    const below = tf.mul(leftMass(p.asymmetry), tf.exp(left));
    const above = tf.sub(1, tf.mul(rightMass(p.asymmetry), tf.exp(tf.neg(right))));
    return tf.where(tf.less(standardise(p, x), 0), below, above);
  },
  icdf: (view: V, q: tf.Tensor) => quantile(read(view), q),
});

const source = 'Kotz, Kozubowski & Podgórski, The Laplace Distribution and Generalizations (2001), ch. 3.';

export const AsymmetricLaplace = defineFamily({
  name: 'AsymmetricLaplace',
  description: 'Laplace law with tails of scale · asymmetry to the left and scale / asymmetry to the right.',
  source,
  params: [
    defaulted('loc', real, 0),
    defaulted('scale', positive, 1),
    defaulted('asymmetry', positive, 1, { guard: true }),
  ],
  ...formulas((p: Asymmetric) => p),
});

interface ByQuantile extends LocationScale {
  readonly quantile: tf.Tensor;
}

/** Yu & Zhang, A three-parameter asymmetric Laplace distribution and its extension (2005). */
function readQuantile({ loc, scale, quantile: q }: ByQuantile): Asymmetric {
  const asymmetry = tf.sqrt(tf.div(q, tf.sub(1, q)));
  return { loc, scale: tf.div(tf.mul(scale, asymmetry), q), asymmetry };
}

export const AsymmetricLaplaceQuantile = defineFamily({
  name: 'AsymmetricLaplaceQuantile',
  description:
    'Asymmetric Laplace law whose quantile of the given order is loc: the likelihood of quantile regression.',
  source,
  params: [
    defaulted('loc', real, 0),
    defaulted('scale', positive, 1),
    defaulted('quantile', openInterval(0, 1), 0.5),
  ],
  ...formulas(readQuantile),
});
