/** One step's loss as a pure function of numbers: what may be differentiated eagerly or compiled into one program. */
import type { Model } from '@pyro-ts/core';
import type { TensorSpec, tf } from '@pyro-ts/ops';
import type { Flattened } from '@pyro-ts/compiler';
import type { Elbo } from './elbo';
import { unpackTensor, type ParamSegment } from './params';
import { supplyParams } from './supply-params';

export interface StepLoss {
  /** Number of parameter entries. */
  readonly dim: number;
  /** Shapes and dtypes of the tensors among the arguments of model and guide. */
  readonly inputs: readonly TensorSpec[];
  /**
   * @param flat parameters, unconstrained, [dim]
   * @param key int32 [2]
   * @param inputs the tensors among the arguments; everything else in them is a constant of the function
   * @returns a scalar; no tensor is read, no random number drawn but from `key`
   */
  loss(flat: tf.Tensor, key: tf.Tensor, inputs: readonly tf.Tensor[]): tf.Tensor;
}

export interface StepLossOptions<Args extends unknown[]> {
  readonly model: Model<Args>;
  readonly guide: Model<Args>;
  readonly loss: Elbo;
  readonly segments: readonly ParamSegment[];
  readonly args: Flattened<Args>;
}

export function buildLoss<Args extends unknown[]>(options: StepLossOptions<Args>): StepLoss {
  const { model, guide, loss, segments, args } = options;
  return {
    dim: segments.reduce((dim, { size }) => dim + size, 0),
    inputs: args.tensors.map(({ shape, dtype }) => ({ shape, dtype: dtype as TensorSpec['dtype'] })),
    loss(flat, key, inputs) {
      const params = unpackTensor(flat, segments);
      return loss.loss({
        key: { key, stream: [0, 0] },
        model: supplyParams(model, params),
        guide: supplyParams(guide, params),
        args: args.rebuild(inputs),
        identity: model,
      });
    },
  };
}
