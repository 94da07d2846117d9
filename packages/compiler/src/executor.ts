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

export interface Executor<P extends Program = Program> {
  readonly name: string;
  compile(graph: Graph, options?: CompileOptions): P;
}
