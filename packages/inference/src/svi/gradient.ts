/** Where a step's loss and gradient come from. Nothing else in SVI knows. */
import { withoutValidation } from '@pyro-ts/core';
import { lift, scoped, tf, type NdArray } from '@pyro-ts/ops';
import type { StepLoss } from './build-loss';

export interface LossAndGradient {
  /** Nats. */
  readonly loss: number;
  /** With respect to the flat unconstrained parameters. */
  readonly gradient: Float64Array;
}

export interface GradientSource {
  /** @param key int32 [2] */
  lossAndGradient(step: StepLoss, params: Float64Array, key: NdArray): LossAndGradient;
  loss(step: StepLoss, params: Float64Array, key: NdArray): number;
}

const evaluated = <R>(f: () => R): R => scoped(() => withoutValidation(f));

/**
 * Kernel by kernel on the active backend, by tfjs's tape. Arguments are not checked again (`init` has): a scale that
 * underflows to 0 is to give a loss that is not finite, which the run reports, not an error of its own.
 */
export const eager: GradientSource = {
  lossAndGradient: (step, params, key) =>
    evaluated(() => {
      const words = lift(key, 'int32');
      const loss = (flat: tf.Tensor): tf.Scalar => step.loss(flat, words, step.inputs) as tf.Scalar;
      const { value, grad } = tf.valueAndGrad(loss)(lift(params));
      return { loss: value.dataSync()[0], gradient: Float64Array.from(grad.dataSync()) };
    }),
  loss: (step, params, key) =>
    evaluated(() => step.loss(lift(params), lift(key, 'int32'), step.inputs).dataSync()[0]),
};
