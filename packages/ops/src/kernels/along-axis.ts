/** Kernels that work along one axis and keep the others: arg-reductions, cumulative sums and products, softmax. */
import type { NdArray, NumericArray } from '../data/nd-array';
import { allocate } from '../data/nd-array';
import { booleanAttr, numberAttr, resolveAxis } from './attrs';
import { toNumber } from './elementwise';
import type { KernelSpec } from './kernel';

/** Calls `visit` with start and stride of every line of `x` along `axis`, in row-major order of the others. */
export function eachLine(
  shape: readonly number[],
  axis: number,
  visit: (start: number, stride: number, n: number, line: number) => void,
): void {
  const n = shape[axis] ?? 1;
  let stride = 1;
  for (let i = axis + 1; i < shape.length; i++) stride *= shape[i];
  let outer = 1;
  for (let i = 0; i < axis; i++) outer *= shape[i];
  let line = 0;
  for (let o = 0; o < outer; o++)
    for (let s = 0; s < stride; s++) visit(o * n * stride + s, stride, n, line++);
}

function argReduction(better: (a: number, b: number) => boolean): KernelSpec {
  return {
    inputs: ['x'],
    infer: ([x], attrs) => {
      const axis = resolveAxis(numberAttr(attrs, 'axis'), x.shape.length);
      return [{ shape: x.shape.filter((_, i) => i !== axis), dtype: 'int32' }];
    },
    compute([x], attrs, [out]) {
      const y = allocate(
        'int32',
        out.shape.reduce((a, b) => a * b, 1),
      );
      const axis = resolveAxis(numberAttr(attrs, 'axis'), x.shape.length);
      eachLine(x.shape, axis, (start, stride, n, line) => {
        let best = 0;
        for (let i = 1; i < n; i++)
          if (better(x.data[start + i * stride], x.data[start + best * stride])) best = i;
        y[line] = best;
      });
      return [y];
    },
  };
}

function cumulative(combine: (a: number, b: number) => number, unit: number): KernelSpec {
  return {
    inputs: ['x'],
    infer: ([x]) => [{ shape: x.shape, dtype: toNumber(x.dtype) }],
    compute([x], attrs, [out]) {
      const y = allocate(out.dtype, x.data.length);
      const exclusive = booleanAttr(attrs, 'exclusive');
      const reverse = booleanAttr(attrs, 'reverse');
      eachLine(x.shape, resolveAxis(numberAttr(attrs, 'axis'), x.shape.length), (start, stride, n) => {
        let total = unit;
        for (let k = 0; k < n; k++) {
          const at = start + (reverse ? n - 1 - k : k) * stride;
          const next = combine(total, x.data[at]);
          y[at] = exclusive ? total : next;
          total = next;
        }
      });
      return [y];
    },
  };
}

/** Per line: the maximum (0 if not finite, so that ±∞ entries stay meaningful) and Σ exp(x − max). */
function logNormalizer(x: NumericArray, start: number, stride: number, n: number): [number, number] {
  let max = -Infinity;
  for (let i = 0; i < n; i++) max = Math.max(max, x[start + i * stride]);
  const shift = Number.isFinite(max) ? max : 0;
  let sum = 0;
  for (let i = 0; i < n; i++) sum += Math.exp(x[start + i * stride] - shift);
  return [shift, sum];
}

function softmaxLike(attr: string, value: (x: number, shift: number, sum: number) => number): KernelSpec {
  return {
    inputs: ['logits'],
    infer: ([x]) => [{ shape: x.shape, dtype: 'float32' }],
    compute([x]: readonly NdArray[], attrs) {
      const y = new Float64Array(x.data.length);
      eachLine(x.shape, resolveAxis(numberAttr(attrs, attr, -1), x.shape.length), (start, stride, n) => {
        const [shift, sum] = logNormalizer(x.data, start, stride, n);
        for (let i = 0; i < n; i++) {
          const at = start + i * stride;
          y[at] = value(x.data[at], shift, sum);
        }
      });
      return [y];
    },
  };
}

export const alongAxisKernels = {
  ArgMax: argReduction((a, b) => a > b),
  ArgMin: argReduction((a, b) => a < b),
  Cumsum: cumulative((a, b) => a + b, 0),
  Cumprod: cumulative((a, b) => a * b, 1),
  Softmax: softmaxLike('dim', (x, shift, sum) => Math.exp(x - shift) / sum),
  LogSoftmax: softmaxLike('axis', (x, shift, sum) => x - shift - Math.log(sum)),
};
