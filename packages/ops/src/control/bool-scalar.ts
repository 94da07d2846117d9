/** What decides: one bool. */
import type * as tfjs from '@tensorflow/tfjs';
import { lift, type TensorLike } from '../data/tensor-like';
import { ShapeError, formatShape } from '../errors';

/**
 * A predicate as a bool scalar: a number is true unless it is 0.
 * @throws {ShapeError} if it has more than one element, or none
 */
export function boolScalar(what: string, predicate: TensorLike): tfjs.Tensor {
  const tensor = lift(predicate);
  if (tensor.size !== 1)
    throw new ShapeError(
      `${what} has shape ${formatShape(tensor.shape)}, not []\n` +
        '  Fix: reduce it with all() or any(); to choose element by element, use tf.where.',
    );
  const scalar = tensor.rank === 0 ? tensor : tensor.reshape([]);
  return scalar.dtype === 'bool' ? scalar : scalar.notEqual(lift(0));
}
