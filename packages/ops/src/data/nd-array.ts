/** Plain numbers with a shape: what enters and leaves tensors, traces, programs and inference runs. */

export type Shape = readonly number[];

/** tfjs's labels. `float32` says "float"; how many bits it has is the backend's business (ref64: 64). */
export type DType = 'float32' | 'int32' | 'bool';

export type NumericArray = Float64Array | Float32Array | Int32Array | Uint8Array;

/** Row-major numbers. `float32` data is a Float64Array (a Float32Array where a 32-bit backend made it). */
export interface NdArray {
  readonly data: NumericArray;
  readonly shape: Shape;
  readonly dtype: DType;
}

/** Shape and dtype without data. */
export interface TensorSpec {
  readonly shape: Shape;
  readonly dtype: DType;
}

/** The number of elements of a shape; 1 for a scalar. */
export function sizeOf(shape: Shape): number {
  let size = 1;
  for (const n of shape) size *= n;
  return size;
}

/** A zeroed array of the storage class that `ref64` uses for a dtype. */
export function allocate(dtype: DType, size: number): Float64Array | Int32Array | Uint8Array {
  switch (dtype) {
    case 'float32':
      return new Float64Array(size);
    case 'int32':
      return new Int32Array(size);
    case 'bool':
      return new Uint8Array(size);
    default:
      dtype satisfies never;
      throw new TypeError(`unknown dtype ${String(dtype)}`);
  }
}
