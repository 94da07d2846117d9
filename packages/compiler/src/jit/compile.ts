/** Traces, optimises and hands a function to an executor. */
import { tf, type NumericArray, type TensorSpec } from '@pyro-ts/ops';
import type { CompileOptions, Executor, Program } from '../executor';
import type { Graph } from '../graph/graph';
import { optimize } from '../passes/optimize';
import { trace } from '../trace/trace';
import { executorNamed, type ExecutorName } from './executors';
import { flattenResult, type Flattened } from './tree';

export interface CompileSettings extends CompileOptions {
  /** Default 'wasm'. */
  readonly executor?: ExecutorName | Executor;
}

export interface CompileRequest extends CompileSettings {
  /** Shape and dtype (default float32, which is 64 bits wide unless `precision` says otherwise) of each argument. */
  readonly inputs: readonly { readonly shape: readonly number[]; readonly dtype?: TensorSpec['dtype'] }[];
}

/** A compiled function on flat arrays. */
export interface CompiledFunction {
  readonly graph: Graph;
  readonly program: Program;
  /** Shape and dtype of each output, in the order of the flattened result. */
  readonly outputs: readonly TensorSpec[];
  /** The result's structure around given tensors. */
  readonly result: Flattened;
  run(inputs: readonly NumericArray[]): NumericArray[];
  dispose(): void;
}

const labels = { float: 'float32', int: 'int32', bool: 'bool' } as const;

/** The optimised graph of a function, with the structure of its result. */
export function traceFunction(
  fn: (inputs: readonly tf.Tensor[]) => unknown,
  specs: readonly (TensorSpec & { readonly name: string })[],
): { graph: Graph; result: Flattened } {
  let result: Flattened | undefined;
  const graph = trace((inputs) => {
    result = flattenResult(fn(inputs));
    return result.tensors;
  }, specs);
  return { graph: optimize(graph), result: result as unknown as Flattened };
}

/** Compiles a function of flat tensor arguments. */
export function compileFlat(
  fn: (inputs: readonly tf.Tensor[]) => unknown,
  specs: readonly (TensorSpec & { readonly name: string })[],
  settings: CompileSettings = {},
): CompiledFunction {
  const { graph, result } = traceFunction(fn, specs);
  const program = executorNamed(settings.executor).compile(graph, settings);
  const outputs = graph.outputs.map((output) => {
    const { shape, dtype } = graph.values[output];
    return { shape, dtype: labels[dtype] };
  });
  return {
    graph,
    program,
    outputs,
    result,
    run: (inputs) => program.run(inputs),
    dispose: () => program.dispose(),
  };
}

/**
 * Compiles `fn` once for arguments of fixed shapes and returns a program on typed arrays.
 *
 * @param fn a synchronous function of tensors; it may call `tf.grad` and friends
 * @returns outputs in the order in which the result holds them
 * @throws TracedValueError if `fn` reads the value of a traced tensor
 * @throws SignatureError if it returns anything but tensors and containers of tensors
 */
export function compile(fn: (...inputs: tf.Tensor[]) => unknown, request: CompileRequest): CompiledFunction {
  const { inputs, ...settings } = request;
  const specs = inputs.map(({ shape, dtype = 'float32' }, i) => ({ name: String(i), shape, dtype }));
  return compileFlat((tensors) => fn(...tensors), specs, settings);
}
