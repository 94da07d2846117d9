/** Where a step's loss and gradient come from. Nothing else in SVI knows. */
import { compile, TracedValueError, type CompileSettings } from '@pyro-ts/compiler';
import { withoutValidation } from '@pyro-ts/core';
import { lift, scoped, tf, toNdArray, type NdArray } from '@pyro-ts/ops';
import type { StepLoss } from './build-loss';

export interface LossAndGradient {
  /** Nats. */
  readonly loss: number;
  /** With respect to the flat unconstrained parameters. */
  readonly gradient: Float64Array;
}

/** @param key int32 [2] @param inputs the tensors among the arguments */
type Evaluate<R> = (params: Float64Array, key: NdArray, inputs: readonly tf.Tensor[]) => R;

export interface StepEvaluator {
  readonly lossAndGradient: Evaluate<LossAndGradient>;
  readonly loss: Evaluate<number>;
}

/** Makes a step's loss something that can be called on numbers. */
export type GradientSource = (step: StepLoss) => StepEvaluator;

/**
 * Arguments are not checked again (`init` has): a scale that underflows to 0 is to give a loss that is not finite, which
 * the run reports, not an error of its own.
 */
const evaluated = <R>(f: () => R): R => scoped(() => withoutValidation(f));

/** [loss, gradient] as tensors. */
function differentiate(
  step: StepLoss,
  flat: tf.Tensor,
  key: tf.Tensor,
  inputs: readonly tf.Tensor[],
): [tf.Tensor, tf.Tensor] {
  const loss = (params: tf.Tensor): tf.Scalar => step.loss(params, key, inputs) as tf.Scalar;
  const { value, grad } = tf.valueAndGrad(loss)(flat);
  return [value, grad];
}

/** Kernel by kernel on the active backend, by tfjs's tape. */
export const eager: GradientSource = (step) => ({
  lossAndGradient: (params, key, inputs) =>
    evaluated(() => {
      const [value, grad] = differentiate(step, lift(params), lift(key, 'int32'), inputs);
      return { loss: value.dataSync()[0], gradient: Float64Array.from(grad.dataSync()) };
    }),
  loss: (params, key, inputs) =>
    evaluated(() => step.loss(lift(params), lift(key, 'int32'), inputs).dataSync()[0]),
});

/**
 * One program for loss and gradient; another for the loss alone when it is asked for.
 * @throws {TracedValueError} if model or guide read the value of a tensor
 */
export const compiled =
  (settings: CompileSettings = {}): GradientSource =>
  (step) => {
    const inputs = [{ shape: [step.dim] }, { shape: [2], dtype: 'int32' as const }, ...step.inputs];
    const program = (f: (flat: tf.Tensor, key: tf.Tensor, rest: tf.Tensor[]) => unknown) =>
      withoutValidation(() => compile((flat, key, ...rest) => f(flat, key, rest), { inputs, ...settings }));
    const both = program((flat, key, rest) => differentiate(step, flat, key, rest));
    let alone: ReturnType<typeof program> | undefined;
    const data = (params: Float64Array, key: NdArray, tensors: readonly tf.Tensor[]) => [
      params,
      key.data,
      ...tensors.map((tensor) => toNdArray(tensor).data),
    ];
    return {
      lossAndGradient(...given) {
        const [[loss], gradient] = both.run(data(...given));
        return { loss, gradient: Float64Array.from(gradient) };
      },
      loss(...given) {
        alone ??= program((flat, key, rest) => [step.loss(flat, key, rest)]);
        return alone.run(data(...given))[0][0];
      },
    };
  };

/**
 * Compiles; what reads the value of a tensor, which no program can do, is evaluated kernel by kernel instead.
 * @param onFallback is told why, once
 */
export function compiledOrEager(onFallback: (reason: string) => void): GradientSource {
  const compile = compiled();
  const told = new Set<string>();
  return (step) => {
    try {
      return compile(step);
    } catch (error) {
      if (!(error instanceof TracedValueError)) throw error;
      if (!told.has(error.message)) onFallback(error.message);
      told.add(error.message);
      return eager(step);
    }
  };
}
