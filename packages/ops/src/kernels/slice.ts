/** Kernels that take a box out of a tensor, or put one in. */
import type { Shape } from '../data/nd-array';
import { allocate, sizeOf } from '../data/nd-array';
import { ShapeError, formatShape } from '../errors';
import { numberAttr, numbersAttr } from './attrs';
import type { Attrs, KernelSpec } from './kernel';
import { copyStrided, stridesOf } from './strided';

export interface Box {
  readonly begin: readonly number[];
  readonly size: readonly number[];
}

/** Full `begin` and `size`: missing trailing axes and sizes of −1 mean "to the end". */
export function resolveBox(shape: Shape, attrs: Attrs): Box {
  const asList = (value: unknown): readonly number[] =>
    typeof value === 'number' ? [value] : ((value ?? []) as readonly number[]);
  const givenBegin = asList(attrs['begin']);
  const givenSize = asList(attrs['size']);
  const begin = shape.map((_, i) => givenBegin[i] ?? 0);
  const size = shape.map((n, i) => {
    const s = givenSize[i] ?? -1;
    return s < 0 ? n - begin[i] : s;
  });
  const fits = shape.every((n, i) => begin[i] >= 0 && size[i] >= 0 && begin[i] + size[i] <= n);
  if (!fits || givenBegin.length > shape.length || givenSize.length > shape.length) {
    throw new ShapeError(
      `slice: begin ${formatShape(givenBegin)} and size ${formatShape(givenSize)} leave shape ${formatShape(shape)}\n` +
        `  Fix: begin + size may reach at most the end of every axis.`,
    );
  }
  return { begin, size };
}

const offsetOf = (strides: readonly number[], index: readonly number[]): number =>
  index.reduce((s, k, i) => s + k * strides[i], 0);

const slice: KernelSpec = {
  inputs: ['x'],
  infer: ([x], attrs) => [{ shape: resolveBox(x.shape, attrs).size, dtype: x.dtype }],
  compute([x], attrs, [out]) {
    const own = stridesOf(x.shape);
    const y = allocate(out.dtype, sizeOf(out.shape));
    copyStrided(
      out.shape,
      x.data,
      own,
      offsetOf(own, resolveBox(x.shape, attrs).begin),
      y,
      stridesOf(out.shape),
      0,
    );
    return [y];
  },
};

/** tf.slice's Python-like form, resolved to a box with steps and the axes that vanish or appear. */
export interface Strided {
  readonly begin: readonly number[];
  readonly size: readonly number[];
  readonly step: readonly number[];
  /** The result's shape, after new axes appear and indexed ones vanish. */
  readonly shape: readonly number[];
}

/** The rules of TensorFlow's StridedSlice (strided_slice_op.cc) with all its bit masks. */
export function resolveStrided(shape: Shape, attrs: Attrs): Strided {
  const [begin, end] = [numbersAttr(attrs, 'begin'), numbersAttr(attrs, 'end')];
  const strides = (attrs['strides'] as readonly number[] | undefined) ?? begin.map(() => 1);
  const has = (mask: string, i: number): boolean => ((numberAttr(attrs, mask) >> i) & 1) === 1;
  const named = begin.filter((_, i) => !has('newAxisMask', i) && !has('ellipsisMask', i)).length;
  const out = { begin: [] as number[], size: [] as number[], step: [] as number[], shape: [] as number[] };
  const take = (axis: number, from: number, size: number, step: number, keep: boolean): void => {
    if (axis >= shape.length)
      throw new ShapeError(`stridedSlice: too many indices for ${formatShape(shape)}`);
    out.begin.push(from);
    out.size.push(size);
    out.step.push(step);
    if (keep) out.shape.push(size);
  };
  let axis = 0;
  const whole = (): void => {
    take(axis, 0, shape[axis], 1, true);
    axis++;
  };
  for (let i = 0; i < begin.length; i++) {
    if (has('ellipsisMask', i)) {
      for (let k = shape.length - named; k > 0; k--) whole();
    } else if (has('newAxisMask', i)) {
      out.shape.push(1);
    } else {
      const n = shape[axis];
      const step = strides[i];
      if (step === 0) throw new ShapeError('stridedSlice: a stride is 0\n  Fix: use a step other than 0.');
      if (has('shrinkAxisMask', i)) {
        const at = begin[i] < 0 ? begin[i] + n : begin[i];
        if (at < 0 || at >= n) {
          throw new ShapeError(
            `stridedSlice: index ${begin[i]} is out of range for axis ${axis} of ${formatShape(shape)}`,
          );
        }
        take(axis, at, 1, 1, false);
      } else {
        const [low, high] = step > 0 ? [0, n] : [-1, n - 1];
        const clamp = (v: number): number => Math.min(Math.max(v < 0 ? v + n : v, low), high);
        const from = has('beginMask', i) ? (step > 0 ? 0 : n - 1) : clamp(begin[i]);
        const to = has('endMask', i) ? (step > 0 ? n : -1) : clamp(end[i]);
        take(axis, from, Math.max(0, Math.ceil((to - from) / step)), step, true);
      }
      axis++;
    }
  }
  while (axis < shape.length) whole();
  return out;
}

const stridedSlice: KernelSpec = {
  inputs: ['x'],
  infer: ([x], attrs) => [{ shape: resolveStrided(x.shape, attrs).shape, dtype: x.dtype }],
  compute([x], attrs, [out]) {
    const { begin, size, step } = resolveStrided(x.shape, attrs);
    const own = stridesOf(x.shape);
    const y = allocate(out.dtype, sizeOf(out.shape));
    const strides = own.map((s, i) => s * step[i]);
    copyStrided(size, x.data, strides, offsetOf(own, begin), y, stridesOf(size), 0);
    return [y];
  },
};

/** Adjoint of StridedSlice: zeros of `shape` with `dy` at the places that the slice reads. */
const stridedSliceGrad: KernelSpec = {
  inputs: ['dy'],
  infer: ([dy], attrs) => [{ shape: numbersAttr(attrs, 'shape'), dtype: dy.dtype }],
  compute([dy], attrs, [out]) {
    const { begin, size, step } = resolveStrided(out.shape, attrs);
    const own = stridesOf(out.shape);
    const y = allocate(out.dtype, sizeOf(out.shape));
    const strides = own.map((s, i) => s * step[i]);
    copyStrided(size, dy.data, stridesOf(size), 0, y, strides, offsetOf(own, begin));
    return [y];
  },
};

/** [before, after] of every axis. */
export const paddingsAttr = (attrs: Attrs): readonly (readonly [number, number])[] =>
  attrs['paddings'] as unknown as readonly (readonly [number, number])[];

const padded = (shape: Shape, attrs: Attrs): number[] => {
  const paddings = paddingsAttr(attrs);
  if (paddings.length !== shape.length) {
    throw new ShapeError(`pad: ${paddings.length} paddings for shape ${formatShape(shape)}`);
  }
  return shape.map((n, i) => n + paddings[i][0] + paddings[i][1]);
};

const pad: KernelSpec = {
  inputs: ['x'],
  infer: ([x], attrs) => [{ shape: padded(x.shape, attrs), dtype: x.dtype }],
  compute([x], attrs, [out]) {
    const y = allocate(out.dtype, sizeOf(out.shape));
    const value = numberAttr(attrs, 'constantValue');
    if (value !== 0) y.fill(value);
    const strides = stridesOf(out.shape);
    const start = offsetOf(
      strides,
      paddingsAttr(attrs).map(([before]) => before),
    );
    copyStrided(x.shape, x.data, stridesOf(x.shape), 0, y, strides, start);
    return [y];
  },
};

/** Where each output index of a mirrored axis comes from; `symmetric` repeats the edge, `reflect` does not. */
export function mirrorIndices(n: number, before: number, after: number, mode: string): number[] {
  const edge = mode === 'symmetric' ? 1 : 0;
  if (Math.max(before, after) > n - 1 + edge) {
    throw new ShapeError(`mirrorPad: padding [${before},${after}] is too long for a '${mode}' axis of ${n}`);
  }
  return Array.from({ length: n + before + after }, (_, i) => {
    const k = i - before;
    if (k < 0) return -k - edge;
    return k < n ? k : 2 * (n - 1) - k + edge;
  });
}

const mirrorPad: KernelSpec = {
  inputs: ['x'],
  infer: ([x], attrs) => [{ shape: padded(x.shape, attrs), dtype: x.dtype }],
  compute([x], attrs, [out]) {
    const own = stridesOf(x.shape);
    const paddings = paddingsAttr(attrs);
    let offsets = Int32Array.of(0);
    x.shape.forEach((n, d) => {
      const from = mirrorIndices(n, paddings[d][0], paddings[d][1], attrs['mode'] as string);
      offsets = Int32Array.from({ length: offsets.length * from.length }, (_, i) => {
        return offsets[Math.floor(i / from.length)] + from[i % from.length] * own[d];
      });
    });
    const y = allocate(out.dtype, offsets.length);
    for (let i = 0; i < y.length; i++) y[i] = x.data[offsets[i]];
    return [y];
  },
};

export const sliceKernels = {
  Slice: slice,
  StridedSlice: stridedSlice,
  StridedSliceGrad: stridedSliceGrad,
  PadV2: pad,
  MirrorPad: mirrorPad,
};
