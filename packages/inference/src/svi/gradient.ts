/** Where a step's loss and gradient come from. Nothing else in SVI knows. */
import { compile, TracedValueError, type CompiledFunction, type CompileSettings } from '@pyro-ts/compiler';
import { withoutValidation } from '@pyro-ts/core';
import { lift, scoped, tf, toNdArray, type NdArray, type NumericArray } from '@pyro-ts/ops';
import type { Optimizer } from '../optim';
import type { StepLoss } from './build-loss';
import type { ParamSegment } from './params';
import { compileStep } from './step-program';
import { PlainStepper, type Stepper } from './stepper';

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
  /** What takes whole steps. Default: `lossAndGradient`, then the optimiser. */
  readonly stepper?: (optim: Optimizer, segments: readonly ParamSegment[]) => Stepper;
}

/** What takes the steps of an evaluator. */
export const stepperOf = (
  evaluator: StepEvaluator,
  optim: Optimizer,
  segments: readonly ParamSegment[],
): Stepper =>
  evaluator.stepper?.(optim, segments) ?? new PlainStepper(evaluator.lossAndGradient, optim, segments);

/** Makes a step's loss something that can be called on numbers. */
export type GradientSource = (step: StepLoss) => StepEvaluator;

/**
 * Arguments are not checked again (`init` has): a scale that underflows to 0 is to give a loss that is not finite, which
 * the run reports, not an error of its own.
 */
const evaluated = <R>(f: () => R): R => scoped(() => withoutValidation(f));

/** [loss, gradient] as tensors. */
export function differentiate(
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
 * One program for whole steps, the optimiser included; others for the loss alone, and for loss and gradient, when they
 * are asked for.
 * @throws {TracedValueError} at the first use, if model or guide read the value of a tensor
 */
export const compiled =
  (settings: CompileSettings = {}): GradientSource =>
  (step) => {
    const inputs = [{ shape: [step.dim] }, { shape: [2], dtype: 'int32' as const }, ...step.inputs];
    type Loss = (flat: tf.Tensor, key: tf.Tensor, rest: tf.Tensor[]) => tf.Tensor[];
    const programOf = (f: Loss): Evaluate<NumericArray[]> => {
      let program: CompiledFunction | undefined;
      return (params, key, tensors) => {
        program ??= withoutValidation(() =>
          compile((flat, k, ...rest) => f(flat, k, rest), { inputs, ...settings }),
        );
        return program.run([params, key.data, ...tensors.map((tensor) => toNdArray(tensor).data)]);
      };
    };
    const both = programOf((flat, key, rest) => differentiate(step, flat, key, rest));
    const alone = programOf((flat, key, rest) => [step.loss(flat, key, rest)]);
    const lossAndGradient: StepEvaluator['lossAndGradient'] = (...given) => {
      const [[loss], gradient] = both(...given);
      return { loss, gradient: Float64Array.from(gradient) };
    };
    return {
      lossAndGradient,
      loss: (...given) => alone(...given)[0][0],
      stepper: (optim, segments) =>
        compileStep(step, optim, segments, settings) ?? new PlainStepper(lossAndGradient, optim, segments),
    };
  };

/**
 * Compiles; what reads the value of a tensor, which no program can do, is evaluated kernel by kernel instead.
 * @param onFallback is told why, once
 */
export function compiledOrEager(
  onFallback: (reason: string) => void,
  settings: CompileSettings = {},
): GradientSource {
  const compile = compiled(settings);
  const told = new Set<string>();
  return (step) => {
    const [program, kernels] = [compile(step), eager(step)];
    const either = <R>(compiledly: () => R, eagerly: () => R): R => {
      try {
        return compiledly();
      } catch (error) {
        if (!(error instanceof TracedValueError)) throw error;
        if (!told.has(error.message)) onFallback(error.message);
        told.add(error.message);
        return eagerly();
      }
    };
    return {
      lossAndGradient: (...given) =>
        either(
          () => program.lossAndGradient(...given),
          () => kernels.lossAndGradient(...given),
        ),
      loss: (...given) =>
        either(
          () => program.loss(...given),
          () => kernels.loss(...given),
        ),
      stepper: (optim, segments) =>
        either(
          () => stepperOf(program, optim, segments),
          () => stepperOf(kernels, optim, segments),
        ),
    };
  };
}
