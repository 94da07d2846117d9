export { ModuleBuilder, type MemoryImport } from './module-builder';
export { FunctionBuilder, type Callee, type Label } from './function-builder';
export type { Value, Variable } from './instr-tree';
export { instructions, type InstructionName } from './instructions';
export type { Signature, ValType } from './types';
