/** Reductions over any axes. */
import type { NdArray, NumericArray, Shape } from '../data/nd-array';
import { allocate, sizeOf } from '../data/nd-array';
import { booleanAttr, resolveAxes } from './attrs';
import type { DTypeRule } from './elementwise';
import { toBool, toFloat, toNumber } from './elementwise';
import type { Attrs, KernelSpec } from './kernel';
import { copyStrided, stridesOf } from './strided';

/** The data laid out as [kept…, reduced…], and the size of the reduced part. */
export function reducedLast(x: NdArray, axes: readonly number[]): { rows: NumericArray; length: number } {
  const length = axes.reduce((n, a) => n * x.shape[a], 1);
  const kept = x.shape.map((_, i) => i).filter((i) => !axes.includes(i));
  const order = [...kept, ...axes];
  if (order.every((axis, i) => axis === i) || x.data.length <= 1) return { rows: x.data, length };
  const shape = order.map((i) => x.shape[i]);
  const own = stridesOf(x.shape);
  const rows = allocate(x.dtype, x.data.length);
  const strides = order.map((i) => own[i]);
  copyStrided(shape, x.data, strides, 0, rows, stridesOf(shape), 0);
  return { rows, length };
}

export function reducedShape(shape: Shape, axes: readonly number[], keepDims: boolean): number[] {
  if (keepDims) return shape.map((n, i) => (axes.includes(i) ? 1 : n));
  return shape.filter((_, i) => !axes.includes(i));
}

/** Folds `data[from … from + n)` to a number. */
export type Fold = (data: NumericArray, from: number, n: number) => number;

/** Pairwise above 128 terms: the rounding error grows with log n instead of n (Higham 1993). */
export const sumOf: Fold = (data, from, n) => {
  if (n > 128) {
    const half = n >> 1;
    return sumOf(data, from, half) + sumOf(data, from + half, n - half);
  }
  let s = 0;
  for (let i = from; i < from + n; i++) s += data[i];
  return s;
};

const prodOf: Fold = (data, from, n) => {
  let p = 1;
  for (let i = from; i < from + n; i++) p *= data[i];
  return p;
};

/** Π(1 + x) − 1 of finite numbers, without losing what is small beside 1. */
const prod1pOf: Fold = (data, from, n) => {
  let p = 0;
  for (let i = from; i < from + n; i++) p = p * (1 + data[i]) + data[i];
  return p;
};

export const maxOf: Fold = (data, from, n) => {
  let m = -Infinity;
  for (let i = from; i < from + n; i++) if (data[i] > m || data[i] !== data[i]) m = data[i];
  return m;
};

const minOf: Fold = (data, from, n) => {
  let m = Infinity;
  for (let i = from; i < from + n; i++) if (data[i] < m || data[i] !== data[i]) m = data[i];
  return m;
};

const allOf: Fold = (data, from, n) => {
  for (let i = from; i < from + n; i++) if (data[i] === 0) return 0;
  return 1;
};

const anyOf: Fold = (data, from, n) => {
  for (let i = from; i < from + n; i++) if (data[i] !== 0) return 1;
  return 0;
};

/** tfjs calls the axes of Max `reductionIndices`. */
export const axesOf = (attrs: Attrs, shape: Shape): number[] =>
  resolveAxes(attrs['axis'] ?? attrs['reductionIndices'], shape);

function reduction(fold: Fold, dtype: DTypeRule): KernelSpec {
  return {
    inputs: ['x'],
    infer: ([x], attrs) => {
      const axes = axesOf(attrs, x.shape);
      return [{ shape: reducedShape(x.shape, axes, booleanAttr(attrs, 'keepDims')), dtype: dtype(x.dtype) }];
    },
    compute([x], attrs, [out]) {
      const { rows, length } = reducedLast(x, axesOf(attrs, x.shape));
      const y = allocate(out.dtype, sizeOf(out.shape));
      for (let i = 0; i < y.length; i++) y[i] = fold(rows, i * length, length);
      return [y];
    },
  };
}

/** NaN poisons a maximum, as in TensorFlow and NumPy. */
const poisoned =
  (fold: Fold): Fold =>
  (data, from, n) => {
    for (let i = from; i < from + n; i++) if (data[i] !== data[i]) return NaN;
    return fold(data, from, n);
  };

export const reduceKernels = {
  Sum: reduction(sumOf, toNumber),
  Prod: reduction(prodOf, toNumber),
  Prod1p: reduction(prod1pOf, toFloat),
  Mean: reduction((data, from, n) => sumOf(data, from, n) / n, toFloat),
  Max: reduction(poisoned(maxOf), (d) => d),
  Min: reduction(poisoned(minOf), (d) => d),
  All: reduction(allOf, toBool),
  Any: reduction(anyOf, toBool),
};
