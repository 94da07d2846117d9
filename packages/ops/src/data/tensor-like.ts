/** Everything that can stand for a tensor, and the ways in and out of tensors that keep all 53 bits of a number. */
import * as tfjs from '@tensorflow/tfjs';
import { ShapeError, ValueError, formatShape } from '../errors';
import type { DType, NdArray, NumericArray, Shape } from './nd-array';
import { allocate, sizeOf } from './nd-array';
import { describeValue } from './options';

export type Nested = number | boolean | NumericArray | readonly Nested[];

/** Numbers, booleans, (nested, typed) arrays, plain data, tensors. */
export type TensorLike = Nested | NdArray | tfjs.Tensor;

export function isTensor(x: unknown): x is tfjs.Tensor {
  return x instanceof tfjs.Tensor;
}

export function isNdArray(x: unknown): x is NdArray {
  return typeof x === 'object' && x !== null && 'data' in x && 'shape' in x && ArrayBuffer.isView(x.data);
}

function isTyped(x: unknown): x is NumericArray {
  return ArrayBuffer.isView(x) && !(x instanceof DataView);
}

/** tfjs's rule: the first leaf decides; plain numbers are float. */
function inferDtype(x: Nested): DType {
  let leaf: Nested = x;
  while (Array.isArray(leaf)) leaf = leaf[0] as Nested;
  if (typeof leaf === 'boolean') return 'bool';
  if (typeof leaf !== 'object') return 'float32';
  return leaf instanceof Float64Array || leaf instanceof Float32Array ? 'float32' : 'int32';
}

function inferShape(x: Nested): number[] {
  const shape: number[] = [];
  let level: Nested = x;
  while (isArrayLike(level)) {
    shape.push(level.length);
    if (isTyped(level) || level.length === 0) break;
    level = level[0];
  }
  return shape;
}

function fill(x: Nested, shape: Shape, depth: number, out: NumericArray, offset: number): number {
  const isLeaf = typeof x === 'number' || typeof x === 'boolean';
  if (depth === shape.length) {
    if (!isLeaf) throw ragged(x, shape, depth);
    out[offset] = Number(x);
    return offset + 1;
  }
  if (isLeaf || typeof x !== 'object' || x.length !== shape[depth]) throw ragged(x, shape, depth);
  if (isTyped(x)) {
    if (depth !== shape.length - 1) throw ragged(x, shape, depth);
    out.set(x, offset);
    return offset + x.length;
  }
  let at = offset;
  for (const item of x) at = fill(item, shape, depth + 1, out, at);
  return at;
}

function ragged(x: unknown, shape: Shape, depth: number): Error {
  const found =
    typeof x === 'object' && x !== null && 'length' in x ? `${String(x.length)} elements` : String(x);
  if (typeof x !== 'number' && typeof x !== 'boolean' && !isArrayLike(x)) return notNumbers(x);
  return new ShapeError(
    `nested array is ragged: its first elements have shape ${formatShape(shape)}, but an item at depth ${depth} is ` +
      `${found}\n  Fix: give every row the same length.`,
  );
}

function isArrayLike(x: unknown): x is readonly Nested[] | NumericArray {
  return Array.isArray(x) || isTyped(x);
}

function notNumbers(x: unknown): ValueError {
  const what = typeof x === 'string' ? 'text' : x === null ? 'null' : typeof x;
  const value = x === undefined || x === null ? '' : `: ${describeValue(x)}`;
  return new ValueError(
    `cannot make a tensor of ${what}${value}\n  Fix: pass numbers, or arrays of numbers.`,
  );
}

/**
 * Plain data of anything that is not a tensor. Typed arrays are copied, so later writes to them are not seen.
 * @throws {ShapeError} on ragged nesting
 * @throws {ValueError} on what is not a number
 */
export function toData(x: Nested | NdArray, dtype?: DType): NdArray {
  if (isNdArray(x)) {
    if (x.data.length !== sizeOf(x.shape)) {
      throw new ShapeError(`data of ${x.data.length} elements cannot have shape ${formatShape(x.shape)}`);
    }
    return { data: convert(x.data, dtype ?? x.dtype), shape: x.shape, dtype: dtype ?? x.dtype };
  }
  const type = dtype ?? inferDtype(x);
  if (typeof x === 'number' || typeof x === 'boolean') {
    const data = allocate(type, 1);
    data[0] = type === 'bool' ? Number(Boolean(x)) : Number(x);
    return { data, shape: [], dtype: type };
  }
  if (isTyped(x)) return { data: convert(x, type), shape: [x.length], dtype: type };
  if (!Array.isArray(x)) throw notNumbers(x);
  const shape = inferShape(x);
  const exact = type === 'bool' ? allocate('float32', sizeOf(shape)) : allocate(type, sizeOf(shape));
  fill(x, shape, 0, exact, 0);
  return { data: type === 'bool' ? convert(exact, 'bool') : exact, shape, dtype: type };
}

/** A copy in the storage class of `dtype`; anything but 0 becomes `true`. */
export function convert(data: ArrayLike<number>, dtype: DType): NumericArray {
  if (dtype === 'float32') return new Float64Array(data);
  if (dtype === 'int32') return new Int32Array(data);
  return Uint8Array.from(data, (v) => (v === 0 ? 0 : 1));
}

/** Whether the active backend keeps floats in 64 bits (`ref64`, the tracing backend). */
function isDouble(): boolean {
  return (tfjs.engine().backend.floatPrecision() as number) === 64;
}

/**
 * A tensor of anything tensor-like, exact in 53 bits on backends that store them (tfjs itself rounds to float32).
 * A tensor passes through; with another `dtype` it is cast.
 * @throws {ShapeError} on ragged nesting
 */
export function lift(x: TensorLike, dtype?: DType): tfjs.Tensor {
  if (isTensor(x)) return dtype === undefined || x.dtype === dtype ? x : tfjs.cast(x, dtype);
  const { data, shape, dtype: type } = toData(x, dtype);
  return upload(data, shape, type);
}

/** A tensor that takes ownership of `data`. */
export function upload(data: NumericArray, shape: Shape, dtype: DType): tfjs.Tensor {
  const values = dtype === 'float32' && !isDouble() ? new Float32Array(data) : data;
  return tfjs.engine().makeTensor(values as Float32Array, shape as number[], dtype);
}

/** The same as `lift`, under the name that says where the data comes from. */
export function fromNdArray(nd: NdArray): tfjs.Tensor {
  return lift(nd);
}

/** Plain data: reads a tensor (its values must exist), copies anything else. */
export function toNdArray(x: TensorLike): NdArray {
  if (!isTensor(x)) return toData(x);
  if (x.dtype !== 'float32' && x.dtype !== 'int32' && x.dtype !== 'bool') {
    throw new ValueError(`cannot read a tensor of dtype ${x.dtype} as numbers`);
  }
  const values = x.dataSync();
  return { data: values.slice(), shape: [...x.shape], dtype: x.dtype };
}

export type NestedNumbers = number | NestedNumbers[];

/** Nested JavaScript arrays, a number for a scalar; booleans as 0 and 1. */
export function toNested(nd: NdArray): NestedNumbers {
  let offset = 0;
  const build = (depth: number): NestedNumbers => {
    if (depth === nd.shape.length) return nd.data[offset++];
    return Array.from({ length: nd.shape[depth] }, () => build(depth + 1));
  };
  return build(0);
}
