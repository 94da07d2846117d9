import './setup';

export {
  allocate,
  sizeOf,
  type DType,
  type NdArray,
  type NumericArray,
  type Shape,
  type TensorSpec,
} from './data/nd-array';
export type { Attrs, AttrValue, KernelSpec } from './kernels/kernel';
export {
  fromNdArray,
  isNdArray,
  isTensor,
  lift,
  toData,
  toNdArray,
  toNested,
  type Nested,
  type NestedNumbers,
  type TensorLike,
} from './data/tensor-like';
export { didYouMean } from './data/did-you-mean';
export { checkOptions, describeValue, type OptionNames } from './data/options';
export { OptionError, PyroError, ShapeError, ValueError, formatShape } from './errors';
export { findKernel, kernels, type KernelName } from './kernels';
export { runKernel, runKernelMulti, type KernelInputs } from './kernels/run';
export { orderedInputs, type NamedInputs } from './backend/kernel-inputs';
export { REF64, Ref64Backend } from './backend/ref64';
export { TRACE_BACKEND, isConcrete } from './control/concrete';
export { currentLabel, withLabel } from './control/label';
export { scoped, type Keep } from './control/scope';
export { stopGradient } from './control/stop-gradient';
export { tf } from './tf';
export * from './random';
export { open as uniformFromWords, philox } from './random/philox';
export { exp as portableExp } from './random/portable-math';
export { normalQuantile } from './random/standard-normal';
export { gradients } from './gradients';
export {
  broadcasting,
  fromBoth,
  fromCotangent,
  fromInput,
  fromOutput,
  type Cotangents,
  type GradientEntry,
  type GradientRow,
} from './gradients/row';
export { setControlHandlers, type ControlHandlers } from './control/handlers';
export { scan, type FlatStep, type ScanBody, type ScanCall, type ScanOptions } from './control/scan';
export { cond, type CondCall } from './control/cond';
export { whileLoop, type WhileCall, type WhileLoopOptions } from './control/while-loop';
export { treeLeaves, treeRebuild, treeStructure, type Leaf, type Tensors, type Tree } from './control/tree';
export * from './special';
export * from './linalg';
export { argsort, sort, type SortOptions } from './tf/sort';
