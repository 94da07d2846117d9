/** The default executor: one WebAssembly module per program. */
import type { CompileOptions, Executor } from '../executor';
import type { Graph } from '../graph/graph';
import { compileGraph } from './codegen/compile-graph';
import { WasmProgram } from './program';
import { relaxedSimdSupported } from './relaxed-simd';

export const wasmExecutor: Executor<WasmProgram> = {
  name: 'wasm',
  compile(graph: Graph, options: CompileOptions = {}): WasmProgram {
    const relaxed = options.relaxed === true && relaxedSimdSupported();
    return new WasmProgram(compileGraph(graph, { precision: options.precision ?? 'float64', relaxed }));
  },
};
