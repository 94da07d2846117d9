/** Factories of elementwise kernels: shape rule, dtype rule and loops for one and two operands. */
import type { DType, NumericArray, TensorSpec } from '../data/nd-array';
import { allocate, sizeOf } from '../data/nd-array';
import { sameShape } from './attrs';
import type { Attrs, KernelSpec } from './kernel';
import { broadcastShapes, broadcastStrides, collapse, eachRow } from './strided';

/** The dtype of a result, from the dtypes of the operands. */
export type DTypeRule = (...dtypes: DType[]) => DType;

const ORDER: readonly DType[] = ['bool', 'int32', 'float32'];

/** The wider of the operands' types (tfjs's `upcastType`). */
export const upcast: DTypeRule = (...dtypes) => ORDER[Math.max(...dtypes.map((d) => ORDER.indexOf(d)))];
export const toFloat: DTypeRule = () => 'float32';
export const toBool: DTypeRule = () => 'bool';
/** Numbers keep their type; booleans count as integers. */
export const toNumber: DTypeRule = (...dtypes) => {
  const widest = upcast(...dtypes);
  return widest === 'bool' ? 'int32' : widest;
};

/** A kernel of one operand `x`; `prepare` turns attributes into the function of one number. */
export function unary(
  f: (x: number) => number,
  dtype: DTypeRule = toFloat,
  prepare?: (attrs: Attrs) => (x: number) => number,
): KernelSpec {
  return {
    inputs: ['x'],
    infer: ([x]) => [{ shape: x.shape, dtype: dtype(x.dtype) }],
    compute([x], attrs, [out]) {
      const g = prepare ? prepare(attrs) : f;
      const n = x.data.length;
      const y = allocate(out.dtype, n);
      const { data } = x;
      for (let i = 0; i < n; i++) y[i] = g(data[i]);
      return [y];
    },
  };
}

/** A whole-array loop for operands of equal length, written out for the kernels that run most. */
export type SameLengthLoop = (a: NumericArray, b: NumericArray, y: NumericArray, n: number) => void;

export type BinaryFunction = (a: number, b: number) => number;

/** y[i] = f(a, b) over the broadcast shape. */
export function broadcastBinary(
  f: BinaryFunction,
  a: { readonly data: NumericArray; readonly shape: readonly number[] },
  b: { readonly data: NumericArray; readonly shape: readonly number[] },
  y: NumericArray,
  shape: readonly number[],
): void {
  const n = y.length;
  const x1 = a.data;
  const x2 = b.data;
  if (sameShape(a.shape, b.shape)) {
    for (let i = 0; i < n; i++) y[i] = f(x1[i], x2[i]);
    return;
  }
  if (x2.length === 1) {
    const c = x2[0];
    for (let i = 0; i < n; i++) y[i] = f(x1[i], c);
    return;
  }
  if (x1.length === 1) {
    const c = x1[0];
    for (let i = 0; i < n; i++) y[i] = f(c, x2[i]);
    return;
  }
  const walk = collapse(shape, [broadcastStrides(a.shape, shape), broadcastStrides(b.shape, shape)]);
  const last = walk.shape.length - 1;
  const length = walk.shape[last];
  const s1 = walk.strides[0][last];
  const s2 = walk.strides[1][last];
  let at = 0;
  eachRow(walk, [0, 0], ([o1, o2]) => {
    for (let i = 0; i < length; i++) y[at + i] = f(x1[o1 + i * s1], x2[o2 + i * s2]);
    at += length;
  });
}

/** A broadcasting kernel of two operands `a` and `b`. */
export function binary(f: BinaryFunction, dtype: DTypeRule = upcast, loop?: SameLengthLoop): KernelSpec {
  return {
    inputs: ['a', 'b'],
    infer: ([a, b]): TensorSpec[] => [
      { shape: broadcastShapes(a.shape, b.shape), dtype: dtype(a.dtype, b.dtype) },
    ],
    compute([a, b], _attrs, [out]) {
      const n = sizeOf(out.shape);
      const y = allocate(out.dtype, n);
      if (loop && sameShape(a.shape, b.shape)) loop(a.data, b.data, y, n);
      else broadcastBinary(f, a, b, y, out.shape);
      return [y];
    },
  };
}
