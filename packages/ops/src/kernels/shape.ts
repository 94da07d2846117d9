/** Kernels that rearrange or repeat elements of one operand. */
import type { Shape } from '../data/nd-array';
import { allocate, sizeOf } from '../data/nd-array';
import { ShapeError, formatShape } from '../errors';
import { numberAttr, numbersAttr, resolveAxes, resolveAxis, sameShape } from './attrs';
import type { KernelSpec } from './kernel';
import { broadcastShapes, broadcastStrides, copyStrided, stridesOf } from './strided';

/** A shape with its one −1 filled in. */
export function resolveShape(shape: Shape, size: number): number[] {
  const known = shape.reduce((n, d) => (d === -1 ? n : n * d), 1);
  const wild = shape.filter((d) => d === -1).length;
  const resolved = shape.map((d) => (d === -1 ? (known === 0 ? 0 : size / known) : d));
  if (wild > 1 || sizeOf(resolved) !== size || resolved.some((d) => d < 0 || !Number.isInteger(d))) {
    throw new ShapeError(
      `cannot reshape ${size} elements to ${formatShape(shape)}\n  Fix: the product of the dimensions must be ${size}.`,
    );
  }
  return resolved;
}

const reshape: KernelSpec = {
  inputs: ['x'],
  infer: ([x], attrs) => [
    { shape: resolveShape(numbersAttr(attrs, 'shape'), sizeOf(x.shape)), dtype: x.dtype },
  ],
  compute: ([x]) => [x.data],
};

const expandDims: KernelSpec = {
  inputs: ['input'],
  infer: ([x], attrs) => {
    const dim = numberAttr(attrs, 'dim');
    const shape = [...x.shape];
    shape.splice(resolveAxis(dim, x.shape.length + 1), 0, 1);
    return [{ shape, dtype: x.dtype }];
  },
  compute: ([x]) => [x.data],
};

const transpose: KernelSpec = {
  inputs: ['x'],
  infer: ([x], attrs) => {
    const perm = numbersAttr(attrs, 'perm');
    if (
      !sameShape(
        [...perm].sort((a, b) => a - b),
        x.shape.map((_, i) => i),
      )
    ) {
      throw new ShapeError(
        `transpose: ${formatShape(perm)} is not a permutation of the axes of ${formatShape(x.shape)}`,
      );
    }
    return [{ shape: perm.map((p) => x.shape[p]), dtype: x.dtype }];
  },
  compute([x], attrs, [out]) {
    const own = stridesOf(x.shape);
    const y = allocate(out.dtype, x.data.length);
    const strides = numbersAttr(attrs, 'perm').map((p) => own[p]);
    copyStrided(out.shape, x.data, strides, 0, y, stridesOf(out.shape), 0);
    return [y];
  },
};

const reverse: KernelSpec = {
  inputs: ['x'],
  infer: ([x], attrs) => {
    resolveAxes(attrs['dims'], x.shape);
    return [x];
  },
  compute([x], attrs) {
    const y = allocate(x.dtype, x.data.length);
    if (y.length === 0) return [y];
    const own = stridesOf(x.shape);
    const axes = resolveAxes(attrs['dims'], x.shape);
    const start = axes.reduce((s, a) => s + own[a] * (x.shape[a] - 1), 0);
    const strides = own.map((s, i) => (axes.includes(i) ? -s : s));
    copyStrided(x.shape, x.data, strides, start, y, own, 0);
    return [y];
  },
};

const tile: KernelSpec = {
  inputs: ['x'],
  infer: ([x], attrs) => {
    const reps = numbersAttr(attrs, 'reps');
    if (reps.length !== x.shape.length) {
      throw new ShapeError(`tile: ${reps.length} repeats for shape ${formatShape(x.shape)}`);
    }
    return [{ shape: x.shape.map((n, i) => n * reps[i]), dtype: x.dtype }];
  },
  compute([x], attrs, [out]) {
    const reps = numbersAttr(attrs, 'reps');
    const y = allocate(out.dtype, sizeOf(out.shape));
    // [r0, n0, r1, n1, …] walks the output in row-major order; repeats do not move in the operand.
    const own = stridesOf(x.shape);
    const shape = x.shape.flatMap((n, i) => [reps[i], n]);
    const from = own.flatMap((s) => [0, s]);
    copyStrided(shape, x.data, from, 0, y, stridesOf(shape), 0);
    return [y];
  },
};

const broadcastTo: KernelSpec = {
  inputs: ['x'],
  infer: ([x], attrs) => {
    const shape = numbersAttr(attrs, 'shape');
    if (x.shape.length > shape.length || !sameShape(broadcastShapes(x.shape, shape), shape)) {
      throw new ShapeError(
        `broadcastTo: ${formatShape(x.shape)} does not broadcast to ${formatShape(shape)}`,
      );
    }
    return [{ shape, dtype: x.dtype }];
  },
  compute([x], _attrs, [out]) {
    if (sameShape(x.shape, out.shape)) return [x.data];
    const y = allocate(out.dtype, sizeOf(out.shape));
    if (x.data.length === 1) return [y.fill(x.data[0])];
    copyStrided(out.shape, x.data, broadcastStrides(x.shape, out.shape), 0, y, stridesOf(out.shape), 0);
    return [y];
  },
};

export const shapeKernels = {
  Reshape: reshape,
  ExpandDims: expandDims,
  Transpose: transpose,
  Reverse: reverse,
  Tile: tile,
  BroadcastTo: broadcastTo,
};
