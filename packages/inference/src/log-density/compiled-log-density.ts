/** A log density traced once, with its gradient, and run as a program. */
import {
  compile,
  isInPlace,
  TracedValueError,
  type CompiledFunction,
  type CompileSettings,
} from '@pyro-ts/compiler';
import { tf } from '@pyro-ts/ops';
import { eagerLogDensity, type DensityCompiler, type HeldLogDensity } from './model-log-density';

/**
 * A compiler of densities: `NUTS(model, {compile: compiledLogDensity({executor: 'reference'})})`.
 * @throws {TracedValueError} at the start of a run, if the model reads the value of a tensor
 */
export function compiledLogDensity(settings: CompileSettings = {}): DensityCompiler {
  return (f, dim) => {
    const valueAndGradient = (q: tf.Tensor): [tf.Tensor, tf.Tensor] => {
      const { value, grad } = tf.valueAndGrad(f as (q: tf.Tensor) => tf.Scalar)(q);
      return [value, grad];
    };
    const program = compile(valueAndGradient, { inputs: [{ shape: [dim] }], ...settings });
    return evaluator(program, dim);
  };
}

/** Calls a program in place where it can be, so that a sampler's innermost loop allocates nothing. */
function evaluator({ program }: CompiledFunction, dim: number): HeldLogDensity {
  let views = isInPlace(program)
    ? { point: program.inputView(0), value: program.outputView(0), slope: program.outputView(1), program }
    : undefined;
  return {
    dim,
    valueAndGrad(q, gradient) {
      // `run` also serves to refuse a point of another length and a program that was disposed of.
      if (views === undefined || q.length !== dim) {
        const [value, grad] = program.run([q]);
        gradient.set(grad);
        return value[0];
      }
      views.point.set(q);
      views.program.call();
      gradient.set(views.slope);
      return views.value[0];
    },
    dispose() {
      views = undefined;
      program.dispose();
    },
  };
}

/**
 * Compiles; a model that reads the value of a tensor, which no program can do, is evaluated op by op instead.
 * @param onFallback is told why
 */
export function compiledOrEager(onFallback: (reason: string) => void): DensityCompiler {
  const compiled = compiledLogDensity();
  return (f, dim) => {
    try {
      return compiled(f, dim);
    } catch (error) {
      if (!(error instanceof TracedValueError)) throw error;
      onFallback(error.message);
      return eagerLogDensity(f, dim);
    }
  };
}
