/** Kernels that join several tensors, or part one. */
import type { NdArray, NumericArray, TensorSpec } from '../data/nd-array';
import { allocate, sizeOf } from '../data/nd-array';
import { ShapeError, formatShape } from '../errors';
import { numberAttr, resolveAxis, sameShape } from './attrs';
import { upcast } from './elementwise';
import type { Attrs, KernelSpec } from './kernel';

/** Lays blocks of `inner` elements of each operand one after the other. */
function interleave(
  inputs: readonly NdArray[],
  inner: readonly number[],
  outer: number,
  y: NumericArray,
): void {
  let at = 0;
  for (let o = 0; o < outer; o++) {
    inputs.forEach(({ data }, k) => {
      const n = inner[k];
      if (n === 1) y[at] = data[o];
      else y.set(data.subarray(o * n, (o + 1) * n), at);
      at += n;
    });
  }
}

const concat: KernelSpec = {
  inputs: 'list',
  infer: (inputs, attrs) => {
    const [first] = inputs;
    const axis = resolveAxis(numberAttr(attrs, 'axis'), first.shape.length);
    const others = (shape: readonly number[]): number[] => shape.filter((_, i) => i !== axis);
    const fits = ({ shape }: TensorSpec): boolean =>
      shape.length === first.shape.length && sameShape(others(shape), others(first.shape));
    if (!inputs.every(fits)) {
      throw new ShapeError(
        `concat: shapes ${inputs.map((x) => formatShape(x.shape)).join(', ')} differ outside axis ${axis}\n` +
          `  Fix: make all other dimensions equal.`,
      );
    }
    const total = inputs.reduce((n, x) => n + x.shape[axis], 0);
    return [
      {
        shape: first.shape.map((n, i) => (i === axis ? total : n)),
        dtype: upcast(...inputs.map((x) => x.dtype)),
      },
    ];
  },
  compute(inputs, attrs, [out]) {
    const axis = resolveAxis(numberAttr(attrs, 'axis'), out.shape.length);
    const y = allocate(out.dtype, sizeOf(out.shape));
    const inner = inputs.map((x) => sizeOf(x.shape.slice(axis)));
    interleave(inputs, inner, sizeOf(out.shape.slice(0, axis)), y);
    return [y];
  },
};

const pack: KernelSpec = {
  inputs: 'list',
  infer: (inputs, attrs) => {
    const [first] = inputs;
    if (inputs.some((x) => !sameShape(x.shape, first.shape))) {
      throw new ShapeError(
        `stack: shapes ${inputs.map((x) => formatShape(x.shape)).join(', ')} differ\n  Fix: broadcast them first.`,
      );
    }
    const shape = [...first.shape];
    shape.splice(resolveAxis(numberAttr(attrs, 'axis'), shape.length + 1), 0, inputs.length);
    return [{ shape, dtype: upcast(...inputs.map((x) => x.dtype)) }];
  },
  compute(inputs, attrs, [out]) {
    const axis = resolveAxis(numberAttr(attrs, 'axis'), out.shape.length);
    const y = allocate(out.dtype, sizeOf(out.shape));
    const n = sizeOf(out.shape.slice(axis + 1));
    interleave(
      inputs,
      inputs.map(() => n),
      sizeOf(out.shape.slice(0, axis)),
      y,
    );
    return [y];
  },
};

/** Parts `x` along `axis` into pieces of the given sizes. */
function part(x: NdArray, axis: number, sizes: readonly number[]): NumericArray[] {
  const inner = sizeOf(x.shape.slice(axis + 1));
  const outer = sizeOf(x.shape.slice(0, axis));
  const row = x.shape[axis] * inner;
  let from = 0;
  return sizes.map((size) => {
    const n = size * inner;
    const y = allocate(x.dtype, outer * n);
    for (let o = 0; o < outer; o++) y.set(x.data.subarray(o * row + from, o * row + from + n), o * n);
    from += n;
    return y;
  });
}

const unpack: KernelSpec = {
  inputs: ['value'],
  returnsList: true,
  infer: ([x], attrs) => {
    const axis = resolveAxis(numberAttr(attrs, 'axis'), x.shape.length);
    const spec = { shape: x.shape.filter((_, i) => i !== axis), dtype: x.dtype };
    return Array.from({ length: x.shape[axis] }, () => spec);
  },
  compute([x], attrs) {
    const axis = resolveAxis(numberAttr(attrs, 'axis'), x.shape.length);
    return part(x, axis, new Array<number>(x.shape[axis]).fill(1));
  },
};

/** Piece sizes: a count of equal pieces, or the sizes with at most one −1. */
export function splitSizes(x: TensorSpec, attrs: Attrs): { axis: number; sizes: number[] } {
  const axis = resolveAxis(numberAttr(attrs, 'axis'), x.shape.length);
  const n = x.shape[axis];
  const given = attrs['numOrSizeSplits'] as number | readonly number[];
  const known = typeof given === 'number' ? 0 : given.reduce((s, v) => (v < 0 ? s : s + v), 0);
  const sizes =
    typeof given === 'number'
      ? new Array<number>(given).fill(n / given)
      : given.map((v) => (v < 0 ? n - known : v));
  if (sizes.reduce((s, v) => s + v, 0) !== n || sizes.some((v) => v < 0 || !Number.isInteger(v))) {
    throw new ShapeError(
      `split: axis ${axis} of ${formatShape(x.shape)} cannot be split into ${JSON.stringify(given)}`,
    );
  }
  return { axis, sizes };
}

const splitV: KernelSpec = {
  inputs: ['x'],
  returnsList: true,
  infer: ([x], attrs) => {
    const { axis, sizes } = splitSizes(x, attrs);
    return sizes.map((size) => ({ shape: x.shape.map((n, i) => (i === axis ? size : n)), dtype: x.dtype }));
  },
  compute([x], attrs) {
    const { axis, sizes } = splitSizes(x, attrs);
    return part(x, axis, sizes);
  },
};

export const joinKernels = { Concat: concat, Pack: pack, Unpack: unpack, SplitV: splitV };
