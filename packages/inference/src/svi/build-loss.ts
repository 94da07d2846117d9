/** One step's loss as a pure function of numbers: what may be differentiated eagerly or compiled into one program. */
import type { Model } from '@pyro-ts/core';
import { isTensor, type tf } from '@pyro-ts/ops';
import type { Elbo } from './elbo';
import { unpackTensor, type ParamSegment } from './params';
import { supplyParams } from './supply-params';

export interface StepLoss {
  /**
   * @param flat parameters, unconstrained, [dim]
   * @param key int32 [2]
   * @param inputs the tensors among the arguments of model and guide, in their order
   * @returns a scalar; no tensor is read, no random number drawn but from `key`
   */
  loss(flat: tf.Tensor, key: tf.Tensor, inputs: readonly tf.Tensor[]): tf.Tensor;
  /** The tensors that were passed. Everything else among the arguments is a constant of the function. */
  readonly inputs: readonly tf.Tensor[];
}

export interface StepLossOptions<Args extends unknown[]> {
  readonly model: Model<Args>;
  readonly guide: Model<Args>;
  readonly loss: Elbo;
  readonly segments: readonly ParamSegment[];
  readonly args: Args;
}

export function buildLoss<Args extends unknown[]>(options: StepLossOptions<Args>): StepLoss {
  const { model, guide, loss, segments, args } = options;
  const filled = (inputs: readonly tf.Tensor[]): Args => {
    let next = 0;
    return args.map((arg: unknown) => (isTensor(arg) ? inputs[next++] : arg)) as Args;
  };
  return {
    inputs: args.filter(isTensor),
    loss(flat, key, inputs) {
      const params = unpackTensor(flat, segments);
      return loss.loss({
        key: { key, stream: [0, 0] },
        model: supplyParams(model, params),
        guide: supplyParams(guide, params),
        args: filled(inputs),
        identity: model,
      });
    },
  };
}
