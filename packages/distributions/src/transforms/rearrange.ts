/** Maps that move entries and change none. */
import { lift, tf, type Shape } from '@pyro-ts/ops';
import { independent, real, realVector } from '../constraints';
import { ShapeError } from '../errors';
import { batchOf, replaceLast } from './shapes';
import { defineTransform, type Transform } from './transform';

const size = (shape: Shape): number => shape.reduce((a, b) => a * b, 1);

/** Event shape inShape → outShape, row-major. */
export function ReshapeTransform(inShape: Shape, outShape: Shape): Transform {
  if (size(inShape) !== size(outShape)) {
    throw new ShapeError(
      `ReshapeTransform from [${inShape.join(', ')}] to [${outShape.join(', ')}] changes the number of entries`,
      'give two shapes of the same size.',
    );
  }
  const name = 'ReshapeTransform';
  return defineTransform({
    name,
    args: { inShape, outShape },
    domain: independent(real, inShape.length),
    codomain: independent(real, outShape.length),
    forward: (x) => tf.reshape(x, replaceLast(x.shape, inShape, outShape, name) as number[]),
    backward: (y) => tf.reshape(y, replaceLast(y.shape, outShape, inShape, name) as number[]),
    logDet: (x) => tf.zeros([...batchOf(x.shape, inShape.length)]),
    forwardShape: (shape) => replaceLast(shape, inShape, outShape, name),
    inverseShape: (shape) => replaceLast(shape, outShape, inShape, name),
  });
}

/** yᵢ = x[permutationᵢ] along the last axis. */
export function PermuteTransform(permutation: readonly number[]): Transform {
  const order = (indices: readonly number[]): tf.Tensor1D =>
    lift(Int32Array.from(indices), 'int32') as tf.Tensor1D;
  const undo = permutation.map((_, i) => permutation.indexOf(i));
  if (undo.includes(-1)) {
    throw new ShapeError(
      `PermuteTransform got [${permutation.join(', ')}], which is no permutation`,
      `list each of 0 … ${permutation.length - 1} once.`,
    );
  }
  return defineTransform({
    name: 'PermuteTransform',
    args: { permutation },
    domain: realVector,
    codomain: realVector,
    forward: (x) => tf.gather(x, order(permutation), x.rank - 1),
    backward: (y) => tf.gather(y, order(undo), y.rank - 1),
    logDet: (x) => tf.zeros([...batchOf(x.shape, 1)]),
  });
}
