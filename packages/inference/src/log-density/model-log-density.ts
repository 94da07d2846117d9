/** The log density of a model as numbers in, numbers out. */
import type { WasmProgram } from '@pyro-ts/compiler';
import type { UnconstrainedModel } from '@pyro-ts/core';
import { lift, scoped, tf } from '@pyro-ts/ops';
import type { LogDensity } from './log-density';
import type { PortableDensity } from './program-density';

/** Makes a log density of a traceable scalar function of a vector. */
export type DensityCompiler = (f: (q: tf.Tensor) => tf.Tensor, dim: number) => HeldLogDensity;

/** A log density that may hold memory outside the JavaScript heap. */
export interface HeldLogDensity extends LogDensity {
  /** What a worker makes the same density of, where it is a WebAssembly program. */
  portable?(): PortableDensity;
  /** The program behind it, where it is one in WebAssembly: samplers run beside it, in its memory. */
  readonly program?: WasmProgram | undefined;
  dispose?(): void;
}

export interface LogDensityOptions {
  /** How the density is evaluated. Default: op by op on the active tfjs backend (`eagerLogDensity`). */
  readonly compile?: DensityCompiler | undefined;
}

/** Evaluates op by op, with tfjs's gradient; every call disposes of its tensors. */
export const eagerLogDensity: DensityCompiler = (f, dim) => {
  const valueAndGradient = tf.valueAndGrad(f as (q: tf.Tensor) => tf.Scalar);
  return {
    dim,
    valueAndGrad: (q, gradient) =>
      scoped(() => {
        const { value, grad } = valueAndGradient(lift(q));
        gradient.set(grad.dataSync());
        return value.dataSync()[0];
      }),
  };
};

/**
 * The log density that samplers see of a model.
 * @param model from `unconstrainModel(model, args)`
 */
export function makeLogDensity(
  model: UnconstrainedModel,
  { compile = eagerLogDensity }: LogDensityOptions = {},
): HeldLogDensity {
  return compile(model.logDensity, model.dim);
}
