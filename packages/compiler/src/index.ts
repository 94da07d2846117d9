export {
  CompilerError,
  EscapedTracerError,
  GraphError,
  ProgramFormatError,
  SignatureError,
  TracedValueError,
} from './errors';
export { isInPlace, type CompileOptions, type Executor, type InPlaceProgram, type Program } from './executor';
export type { Graph, GraphInput, GraphNode, ValueDType, ValueId, ValueType } from './graph/graph';
export { GraphBuilder } from './graph/builder';
export { toText } from './graph/print';
export { verify } from './graph/verify';
export {
  compile,
  compileFlat,
  load,
  traceFunction,
  type CompiledFunction,
  type CompileRequest,
  type CompileSettings,
  type LoadedProgram,
} from './jit/compile';
export { executors, type ExecutorName } from './jit/executors';
export { snapshot } from './jit/snapshot';
export { flatten, type Flattened } from './jit/tree';
export { jit, type Jitted, type JitOptions } from './jit/jit';
export { hoist, type Hoisted } from './passes/hoist';
export { optimize, passes, type OptimizeOptions } from './passes/optimize';
export { interpret, referenceExecutor } from './reference/executor';
export { replayExecutor } from './replay/executor';
export { isTracing, trace } from './trace/trace';
export { vmap, type VmapOptions } from './vmap/vmap';
export { vmapGraph } from './vmap/vmap-graph';
export { wasmExecutor } from './wasm/executor';
export * as wasmKit from './wasm/kit';
export { isWasmProgram, WasmProgram } from './wasm/program';
export type { CompiledGraph } from './wasm/codegen/compile-graph';
export { crc32, pack, unpack, type Container, type FileKind } from './portable/container';
