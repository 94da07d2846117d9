/** Maps onto simplex, sphere and ball. */
import { lift, softplus, tf } from '@pyro-ts/ops';
import { l1Ball, realVector, simplex, sphere } from '../constraints';
import { sumLast } from '../constraints/parts';
import { sech2Log } from './scalar';
import { defineTransform, type Transform } from './transform';

/** ℝᴷ → simplex of K by softmax; not a bijection, since a shift of x changes nothing. The inverse gives log y. */
export const SoftmaxTransform = (): Transform =>
  defineTransform({
    name: 'SoftmaxTransform',
    domain: realVector,
    codomain: simplex,
    forward: (x) => tf.softmax(x),
    backward: (y) => tf.log(y),
  });

/** x / ‖x‖ₚ; not a bijection. The inverse gives y. */
export const Normalize = (p = 2): Transform =>
  defineTransform({
    name: 'Normalize',
    args: { p },
    domain: realVector,
    codomain: sphere,
    forward: (x) => {
      const total = tf.sum(tf.pow(tf.abs(x), lift(p)), -1, true);
      return tf.div(x, tf.pow(total, lift(1 / p)));
    },
    backward: (y) => y,
  });

/** log(1 − |tanh x|) = log 2 − softplus(2|x|) */
const logLeft = (x: tf.Tensor): tf.Tensor => tf.sub(lift(Math.LN2), softplus(tf.mul(tf.abs(x), lift(2))));

/** log Π_{j<k} (1 − |tj|), the room left for entry k. */
const logRoom = (x: tf.Tensor): tf.Tensor => tf.cumsum(logLeft(x), x.rank - 1, true);

/** ℝᴷ → { Σ|yₖ| < 1 }: yₖ = tₖ Π_{j<k} (1 − |tⱼ|), t = tanh x. */
export const L1BallTransform = (): Transform =>
  defineTransform({
    name: 'L1BallTransform',
    domain: realVector,
    codomain: l1Ball,
    forward: (x) => tf.mul(tf.tanh(x), tf.exp(logRoom(x))),
    backward: (y) => {
      const room = tf.sub(lift(1), tf.cumsum(tf.abs(y), y.rank - 1, true));
      return tf.atanh(tf.div(y, room));
    },
    logDet: (x) => sumLast(tf.add(sech2Log(x), logRoom(x)), 1),
  });
