/** A log density traced once, with its gradient, and run as a program. */
import { compile, TracedValueError, type CompileSettings } from '@pyro-ts/compiler';
import { tf } from '@pyro-ts/ops';
import { eagerLogDensity, type DensityCompiler } from './model-log-density';
import { programDensity } from './program-density';

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
    return programDensity(program.program, dim);
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
