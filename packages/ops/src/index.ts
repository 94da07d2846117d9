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
