/**
 * What WebAssembly modules are written with, for those who write one beside a program, in its memory: the samplers of
 * `@pyro-ts/inference`. An internal interface between the packages.
 */
export {
  FunctionBuilder,
  ModuleBuilder,
  type Callee,
  type Label,
  type Signature,
  type Value,
  type Variable,
} from './assembler';
export { ConstantMemory, F64x2, ModuleMath, scalarMath } from './math';
export { normalQuantile } from './math/normal-quantile';
export { fourFrom, openUniform, philoxBlocks, uniformPairs } from './math/philox';
export { portableExp } from './math/portable-exp';
