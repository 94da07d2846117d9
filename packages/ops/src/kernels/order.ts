/** Kernels that order, count or look up values. */
import { allocate, sizeOf } from '../data/nd-array';
import { ShapeError } from '../errors';
import { booleanAttr, numberAttr } from './attrs';
import type { KernelSpec } from './kernel';

/** Larger first, NaN first of all; of equal values the lower index first. */
const topK: KernelSpec = {
  inputs: ['x'],
  infer: ([x], attrs) => {
    const k = numberAttr(attrs, 'k', 1);
    if (x.shape.length === 0 || k > x.shape[x.shape.length - 1]) {
      throw new ShapeError(
        `topk: k = ${k} for shape [${x.shape.join(',')}]\n  Fix: k may be at most the last dimension.`,
      );
    }
    const shape = [...x.shape.slice(0, -1), k];
    return [
      { shape, dtype: x.dtype },
      { shape, dtype: 'int32' },
    ];
  },
  compute([x], attrs, [out]) {
    const k = numberAttr(attrs, 'k', 1);
    const n = x.shape[x.shape.length - 1];
    const values = allocate(out.dtype, sizeOf(out.shape));
    const indices = new Int32Array(values.length);
    const rank = (v: number): number => (Number.isNaN(v) ? Infinity : v);
    for (let r = 0; r * n < x.data.length; r++) {
      const row = x.data.subarray(r * n, (r + 1) * n);
      const order = Array.from(row, (_, i) => i).sort((i, j) => {
        const [a, b] = [rank(row[i]), rank(row[j])];
        return a === b ? i - j : b - a;
      });
      for (let i = 0; i < k; i++) {
        indices[r * k + i] = order[i];
        values[r * k + i] = row[order[i]];
      }
    }
    return [values, indices];
  },
};

/** Counts (or sums of weights) of the integers 0 … size − 1; anything else is ignored, as in TensorFlow. */
function count(
  size: number,
  x: ArrayLike<number>,
  weights: ArrayLike<number>,
  y: { [i: number]: number },
): void {
  for (let i = 0; i < x.length; i++) {
    if (x[i] >= 0 && x[i] < size) y[x[i]] += weights.length === 0 ? 1 : weights[i];
  }
}

const bincount: KernelSpec = {
  inputs: ['x', 'weights'],
  infer: ([, weights], attrs) => [
    { shape: [numberAttr(attrs, 'size')], dtype: sizeOf(weights.shape) === 0 ? 'int32' : weights.dtype },
  ],
  compute([x, weights], attrs, [out]) {
    const y = allocate(out.dtype, out.shape[0]);
    count(numberAttr(attrs, 'size'), x.data, weights.data, y);
    return [y];
  },
};

const denseBincount: KernelSpec = {
  inputs: ['x', 'weights'],
  infer: ([x, weights], attrs) => [
    {
      shape: [...x.shape.slice(0, -1), numberAttr(attrs, 'size')],
      dtype: sizeOf(weights.shape) === 0 ? 'int32' : weights.dtype,
    },
  ],
  compute([x, weights], attrs, [out]) {
    const size = numberAttr(attrs, 'size');
    const y = allocate(out.dtype, sizeOf(out.shape));
    const n = x.shape[x.shape.length - 1];
    for (let r = 0; r * size < y.length; r++) {
      const own = weights.data.length === 0 ? weights.data : weights.data.subarray(r * n, (r + 1) * n);
      count(size, x.data.subarray(r * n, (r + 1) * n), own, y.subarray(r * size, (r + 1) * size));
    }
    return [booleanAttr(attrs, 'binaryOutput') ? y.map((v: number) => Number(v !== 0)) : y];
  },
};

/** First index i with sorted[i] ≥ value (lower) or > value (upper), row by row. */
function bound(after: (x: number, value: number) => boolean): KernelSpec {
  return {
    inputs: ['sortedSequence', 'values'],
    infer: ([, values]) => [{ shape: values.shape, dtype: 'int32' }],
    compute([sorted, values]) {
      const n = sorted.shape[sorted.shape.length - 1];
      const m = values.shape[values.shape.length - 1];
      const y = new Int32Array(values.data.length);
      for (let i = 0; i < y.length; i++) {
        const start = Math.floor(i / m) * n;
        let [low, high] = [0, n];
        while (low < high) {
          const mid = (low + high) >> 1;
          if (after(sorted.data[start + mid], values.data[i])) high = mid;
          else low = mid + 1;
        }
        y[i] = low;
      }
      return [y];
    },
  };
}

const searchSorted: KernelSpec = {
  ...bound((x, v) => x >= v),
  compute(inputs, attrs, outputs) {
    const after =
      attrs['side'] === 'right'
        ? (x: number, v: number): boolean => x > v
        : (x: number, v: number): boolean => x >= v;
    return bound(after).compute(inputs, attrs, outputs);
  },
};

export const orderKernels = {
  TopK: topK,
  Bincount: bincount,
  DenseBincount: denseBincount,
  LowerBound: bound((x, v) => x >= v),
  UpperBound: bound((x, v) => x > v),
  SearchSorted: searchSorted,
};
