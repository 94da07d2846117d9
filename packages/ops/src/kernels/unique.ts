/** Kernels whose output shape depends on values: outside the table, since no shape rule exists. */
import type { NdArray } from '../data/nd-array';
import { allocate, sizeOf } from '../data/nd-array';
import { numberAttr, resolveAxis } from './attrs';
import type { Attrs } from './kernel';

export interface DynamicKernel {
  readonly inputs: readonly string[];
  compute(inputs: readonly NdArray[], attrs: Attrs): readonly NdArray[];
}

/** The distinct slices along an axis in order of appearance, and for every slice the index of its equal. */
const unique: DynamicKernel = {
  inputs: ['x'],
  compute([x], attrs) {
    const axis = resolveAxis(numberAttr(attrs, 'axis'), x.shape.length);
    const n = x.shape[axis];
    const inner = sizeOf(x.shape.slice(axis + 1));
    const outer = sizeOf(x.shape.slice(0, axis));
    const slice = (i: number): number[] => {
      const values: number[] = [];
      for (let o = 0; o < outer; o++)
        for (let k = 0; k < inner; k++) values.push(x.data[(o * n + i) * inner + k]);
      return values;
    };
    const seen = new Map<string, number>();
    const firsts: number[][] = [];
    const indices = Int32Array.from({ length: n }, (_, i) => {
      const values = slice(i);
      const id = values.join();
      const known = seen.get(id);
      if (known !== undefined) return known;
      seen.set(id, firsts.length);
      firsts.push(values);
      return firsts.length - 1;
    });
    const shape = x.shape.map((d, i) => (i === axis ? firsts.length : d));
    const data = allocate(x.dtype, sizeOf(shape));
    firsts.forEach((values, i) => {
      values.forEach((v, at) => {
        const o = Math.floor(at / inner);
        data[(o * firsts.length + i) * inner + (at % inner)] = v;
      });
    });
    return [
      { data, shape, dtype: x.dtype },
      { data: indices, shape: [n], dtype: 'int32' },
    ];
  },
};

export const dynamicKernels = { Unique: unique } satisfies Record<string, DynamicKernel>;
