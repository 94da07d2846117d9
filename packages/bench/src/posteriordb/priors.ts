/** Flat priors and products that the models share. */
import { sample } from '@pyro-ts/core';
import * as dist from '@pyro-ts/distributions';
import { lift, tf, type NdArray } from '@pyro-ts/ops';

const { constraints } = dist;

/** A site with density 1 everywhere on its support. */
export function flat(name: string, support: dist.Constraint, eventShape: readonly number[] = []): tf.Tensor {
  return sample(name, dist.ImproperUniform(support, [], eventShape));
}

export const flatVector = (name: string, n: number): tf.Tensor => flat(name, constraints.real, [n]);
export const flatPositive = (name: string): tf.Tensor => flat(name, constraints.positive);

/** A vector of independent normals. */
export const normalVector = (name: string, n: number, scale: number): tf.Tensor =>
  sample(name, dist.Normal(0, scale).expand([n]).toEvent(1));

/** X β: [n, k] times [k]. */
export function times(x: NdArray, beta: tf.Tensor): tf.Tensor {
  return tf.squeeze(tf.matMul(lift(x) as tf.Tensor2D, tf.expandDims(beta, 1)), [1]);
}
