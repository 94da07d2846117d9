/** `subsample`: the rows of a data set that belong to the minibatches of the plates around. */
import { checkOptions, lift, type TensorLike, type tf } from '@pyro-ts/ops';
import { blank } from '../messages/blank';
import { applyStack } from '../stack/apply-stack';

export interface SubsampleOptions {
  /** How many rightmost dims belong to one element. */
  readonly eventDim?: number | undefined;
}

/**
 * @param data shape [...plates at full size, ...event]; dims of size 1 or absent are left alone
 * @returns shape [...plates at subsample size, ...event]
 * @throws {ShapeError} if a plate's dim is neither full nor already subsampled
 */
export function subsample(data: TensorLike, options: SubsampleOptions = {}): tf.Tensor {
  checkOptions('subsample', options, { eventDim: 'optional' });
  return applyStack({
    ...blank,
    kind: 'subsample',
    name: '_subsample',
    value: lift(data),
    eventDim: options.eventDim ?? 0,
  }).value as tf.Tensor;
}
