/** The one interface that every executor has. */
import type { NumericArray } from '@pyro-ts/ops';
import type { Graph } from './graph/graph';

export interface CompileOptions {
  /** Bits of `float` values inside the program. Default 64. */
  readonly precision?: 'float64' | 'float32';
  /** Allow relaxed SIMD (fused multiply-add): faster, last bits differ between machines. Default false. */
  readonly relaxed?: boolean;
}

export interface Program {
  /** Runs on row-major inputs in the order of `graph.inputs`. The outputs are fresh arrays. */
  run(inputs: readonly NumericArray[]): NumericArray[];
  /** Releases what the program holds outside the JavaScript heap; a later `run` throws. */
  dispose(): void;
}

/** A program whose inputs and outputs lie in memory of its own: it can be called without a copy or an allocation. */
export interface InPlaceProgram extends Program {
  /** Input i as the program sees it: write here, then `call`. Valid until `dispose`. */
  inputView(i: number): NumericArray;
  /** Output i as the last `call` left it. */
  outputView(i: number): NumericArray;
  /** Runs on what the input views hold. */
  call(): void;
}

export function isInPlace(program: Program): program is InPlaceProgram {
  return 'call' in program && 'inputView' in program && 'outputView' in program;
}

export interface Executor<P extends Program = Program> {
  readonly name: string;
  compile(graph: Graph, options?: CompileOptions): P;
}
