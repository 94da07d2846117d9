/** `jit` for TensorFlow.js: a function in, the same function compiled out. */
import { isConcrete, lift, toNdArray, type tf } from '@pyro-ts/ops';
import { TracedValueError } from '../errors';
import { isDifferentiating } from '../control/tape';
import { isTracing } from '../trace/trace';
import { compileFlat, type CompiledFunction, type CompileSettings } from './compile';
import { RecentlyUsed } from './recently-used';
import { flatten, specOfTensor } from './tree';

export interface JitOptions extends CompileSettings {
  /**
   * What to do with a function that reads the value of a tensor while it is traced: 'error' (default) throws,
   * 'eager' runs it uncompiled from then on and says so once.
   */
  readonly fallback?: 'error' | 'eager';
  /** Receives the notes; default console.warn. */
  readonly onNote?: (note: string) => void;
  /** Programs kept per function; the least recently used one is dropped. Default 64. */
  readonly cacheSize?: number;
}

export interface Jitted<Args extends unknown[], Result> {
  (...args: Args): Result;
  /** Number of programs compiled and kept. */
  readonly cacheSize: () => number;
  /** Releases all programs. */
  readonly dispose: () => void;
}

/** Whether a trace or a gradient under way must see the function's own operations: it may close over their tensors. */
export function isPartOfMore(): boolean {
  return isDifferentiating() || isTracing();
}

/**
 * Compiles a synchronous function of tensors, on its first call with each combination of argument structure, shapes,
 * dtypes and static (non-tensor) values.
 *
 * Tensor arguments, wherever they are nested, are inputs of the program: new data of the same shape does not compile
 * again. Numbers, strings, arrays of numbers and options are static and compared by content; functions and class
 * instances by identity. Tensors that the function closes over are constants. Called while another function is being
 * traced, it becomes part of that function; called while a gradient is taken of an uncompiled function, it runs
 * uncompiled, so that the gradient is right (compile the gradient: `jit(tf.grad(f))`).
 *
 * @returns a function of the same type; its result's tensors belong to the active tfjs backend
 * @throws TracedValueError if the function reads a tensor's value (unless `fallback` is 'eager')
 */
export function jit<Args extends unknown[], Result>(
  fn: (...args: Args) => Result,
  options: JitOptions = {},
): Jitted<Args, Result> {
  // eslint-disable-next-line no-console -- a note to the user of the function, who may pass another receiver
  const { fallback = 'error', onNote = console.warn, cacheSize = 64, ...settings } = options;
  const programs = new RecentlyUsed<CompiledFunction>(cacheSize, (compiled) => compiled.dispose());
  let eager = false;

  const call = (...args: Args): Result => {
    const flat = flatten(args);
    if (eager || isPartOfMore() || !flat.tensors.every(isConcrete)) return fn(...args);
    let compiled = programs.get(flat.key);
    if (compiled === undefined) {
      const specs = flat.tensors.map((tensor, i) => ({ name: flat.paths[i], ...specOfTensor(tensor) }));
      try {
        compiled = compileFlat((tensors) => fn(...flat.rebuild(tensors)), specs, settings);
      } catch (error) {
        if (fallback === 'error' || !(error instanceof TracedValueError)) throw error;
        eager = true;
        onNote(`${fn.name || 'a function'} runs without being compiled: ${error.message}`);
        return fn(...args);
      }
      programs.set(flat.key, compiled);
    }
    const outputs = compiled.run(flat.tensors.map((tensor) => toNdArray(tensor).data));
    const { outputs: specs, result } = compiled;
    const tensors: tf.Tensor[] = outputs.map((data, i) => lift({ data, ...specs[i] }));
    return result.rebuild(tensors) as Result;
  };
  return Object.assign(call, { cacheSize: () => programs.size, dispose: () => programs.clear() });
}
