/** Traces, optimises and hands a function to an executor. */
import type { tf } from '@pyro-ts/ops';
import { type NumericArray, type TensorSpec } from '@pyro-ts/ops';
import type { CompileOptions, Executor, Program } from '../executor';
import type { Graph } from '../graph/graph';
import { optimize } from '../passes/optimize';
import { programFromBytes, programToBytes, type PortableProgram } from '../portable/program-bytes';
import { trace, type NamedSpec } from '../trace/trace';
import { executorNamed, type ExecutorName } from './executors';
import { flattenResult, type Flattened } from './tree';
import { labels } from '../graph/labels';

export interface CompileSettings extends CompileOptions {
  /** Default 'wasm'. */
  readonly executor?: ExecutorName | Executor;
}

export interface CompileRequest extends CompileSettings {
  /** Shape and dtype (default float32, which is 64 bits wide unless `precision` says otherwise) of each argument. */
  readonly inputs: readonly { readonly shape: readonly number[]; readonly dtype?: TensorSpec['dtype'] }[];
}

/** A program on flat arrays, with what is known of its arguments and results. */
export interface LoadedProgram {
  readonly graph: Graph;
  readonly program: Program;
  readonly inputs: readonly NamedSpec[];
  /** In the order of the flattened result, named by the place in it: `loss`, `grads.0`, … */
  readonly outputs: readonly NamedSpec[];
  run(inputs: readonly NumericArray[]): NumericArray[];
  /** Plain bytes that `load` makes a program of again: in a thread, in a browser, on another machine. */
  toBytes(): Uint8Array;
  dispose(): void;
}

/** A compiled function on flat arrays. */
export interface CompiledFunction extends LoadedProgram {
  /** The result's structure around given tensors. */
  readonly result: Flattened;
}

/** The optimised graph of a function, with the structure of its result. */
export function traceFunction(
  fn: (inputs: readonly tf.Tensor[]) => unknown,
  specs: readonly NamedSpec[],
): { graph: Graph; result: Flattened } {
  let result: Flattened | undefined;
  const graph = trace((inputs) => {
    result = flattenResult(fn(inputs));
    return result.tensors;
  }, specs);
  return { graph: optimize(graph), result: result as unknown as Flattened };
}

function assemble(
  { graph, executor, options, outputNames }: PortableProgram,
  chosen: Executor,
): LoadedProgram {
  const program = chosen.compile(graph, options);
  const named = (value: number, name: string): NamedSpec => {
    const { shape, dtype } = graph.values[value];
    return { name, shape, dtype: labels[dtype] };
  };
  return {
    graph,
    program,
    inputs: graph.inputs.map(({ name, value }) => named(value, name)),
    outputs: graph.outputs.map((value, i) => named(value, outputNames[i] ?? String(i))),
    run: (inputs) => program.run(inputs),
    toBytes: () => programToBytes({ graph, executor, options, outputNames }),
    dispose: () => program.dispose(),
  };
}

/** Compiles a function of flat tensor arguments. */
export function compileFlat(
  fn: (inputs: readonly tf.Tensor[]) => unknown,
  specs: readonly NamedSpec[],
  settings: CompileSettings = {},
): CompiledFunction {
  const { executor: wanted, ...options } = settings;
  const { graph, result } = traceFunction(fn, specs);
  const executor = executorNamed(wanted);
  const loaded = assemble({ graph, executor: executor.name, options, outputNames: result.paths }, executor);
  return { ...loaded, result };
}

/**
 * Makes a program of what `toBytes()` wrote.
 *
 * @param options.executor another executor than the one that the program was compiled for
 * @throws ProgramFormatError if the bytes are foreign, damaged or of another version of the format
 */
export function load(
  bytes: Uint8Array,
  options: { readonly executor?: ExecutorName | Executor } = {},
): LoadedProgram {
  const portable = programFromBytes(bytes);
  return assemble(portable, executorNamed(options.executor ?? (portable.executor as ExecutorName)));
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
