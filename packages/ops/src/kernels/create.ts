/** Kernels that make tensors of attributes, and one-hot rows of indices. */
import { allocate, sizeOf } from '../data/nd-array';
import { dtypeAttr, numberAttr, numbersAttr } from './attrs';
import type { Attrs, KernelSpec } from './kernel';

const fill: KernelSpec = {
  inputs: [],
  infer: (_inputs, attrs) => [
    {
      shape: numbersAttr(attrs, 'shape'),
      dtype: dtypeAttr(attrs, 'dtype', typeof attrs['value'] === 'boolean' ? 'bool' : 'float32'),
    },
  ],
  compute: (_inputs, attrs, [out]) => [allocate(out.dtype, sizeOf(out.shape)).fill(Number(attrs['value']))],
};

/** `num` points from start to stop, both exact; each point is rounded once, so errors do not accumulate. */
const linSpace: KernelSpec = {
  inputs: [],
  infer: (_inputs, attrs) => [{ shape: [numberAttr(attrs, 'num')], dtype: 'float32' }],
  compute(_inputs, attrs, [out]) {
    const n = out.shape[0];
    const [start, stop] = [numberAttr(attrs, 'start'), numberAttr(attrs, 'stop')];
    const step = n > 1 ? (stop - start) / (n - 1) : 0;
    const y = Float64Array.from({ length: n }, (_, i) => start + i * step);
    if (n > 1) y[n - 1] = stop;
    return [y];
  },
};

/** Counting down is the default where stop lies below start (tfjs's rule for a step of 1). */
function rangeOf(attrs: Attrs): { start: number; step: number; length: number } {
  const [start, stop] = [numberAttr(attrs, 'start'), numberAttr(attrs, 'stop')];
  const given = numberAttr(attrs, 'step', 1);
  const step = stop < start && given === 1 ? -1 : given;
  return { start, step, length: Math.max(0, Math.ceil((stop - start) / step)) };
}

const range: KernelSpec = {
  inputs: [],
  infer: (_inputs, attrs) => [
    { shape: [rangeOf(attrs).length], dtype: dtypeAttr(attrs, 'dtype', 'float32') },
  ],
  compute(_inputs, attrs, [out]) {
    const { start, step } = rangeOf(attrs);
    const y = allocate(out.dtype, out.shape[0]);
    for (let i = 0; i < y.length; i++) y[i] = start + i * step;
    return [y];
  },
};

/** A new last axis: `onValue` at the index, else `offValue` (also for indices out of range). */
const oneHot: KernelSpec = {
  inputs: ['indices'],
  infer: ([indices], attrs) => [
    { shape: [...indices.shape, numberAttr(attrs, 'depth')], dtype: dtypeAttr(attrs, 'dtype', 'int32') },
  ],
  compute([indices], attrs, [out]) {
    const depth = numberAttr(attrs, 'depth');
    const y = allocate(out.dtype, sizeOf(out.shape)).fill(numberAttr(attrs, 'offValue'));
    const on = numberAttr(attrs, 'onValue', 1);
    for (let i = 0; i < indices.data.length; i++) {
      const at = indices.data[i];
      if (at >= 0 && at < depth) y[i * depth + at] = on;
    }
    return [y];
  },
};

export const createKernels = { Fill: fill, LinSpace: linSpace, Range: range, OneHot: oneHot };
