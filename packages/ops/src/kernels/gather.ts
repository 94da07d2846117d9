/** Kernels that read from, or write to, places given by index tensors. */
import type { NdArray, NumericArray, Shape } from '../data/nd-array';
import { allocate, sizeOf } from '../data/nd-array';
import { ShapeError, formatShape } from '../errors';
import { numberAttr, numbersAttr, resolveAxis, sameShape } from './attrs';
import type { KernelSpec } from './kernel';
import { stridesOf } from './strided';

function checkIndex(op: string, index: number, size: number): number {
  if (!(index >= 0 && index < size)) {
    throw new ShapeError(`${op}: index ${index} is out of range\n  Fix: use indices from 0 to ${size - 1}.`);
  }
  return index;
}

/** The four extents of a gather: [batch, before the axis, the axis, after it] of x, and the indices per batch. */
export function gatherExtents(
  x: Shape,
  indices: Shape,
  axis: number,
  batchDims: number,
): { batch: number; outer: number; n: number; inner: number; count: number } {
  return {
    batch: sizeOf(x.slice(0, batchDims)),
    outer: sizeOf(x.slice(batchDims, axis)),
    n: x[axis],
    inner: sizeOf(x.slice(axis + 1)),
    count: sizeOf(indices.slice(batchDims)),
  };
}

export function resolveBatchDims(batchDims: number, indicesRank: number): number {
  return batchDims < 0 ? batchDims + indicesRank : batchDims;
}

const gatherV2: KernelSpec = {
  inputs: ['x', 'indices'],
  infer: ([x, indices], attrs) => {
    const axis = resolveAxis(numberAttr(attrs, 'axis'), x.shape.length);
    const batch = resolveBatchDims(numberAttr(attrs, 'batchDims'), indices.shape.length);
    if (batch > axis || !sameShape(x.shape.slice(0, batch), indices.shape.slice(0, batch))) {
      throw new ShapeError(
        `gather: x ${formatShape(x.shape)} and indices ${formatShape(indices.shape)} do not share ${batch} batch ` +
          `dimensions before axis ${axis}`,
      );
    }
    const shape = [...x.shape.slice(0, axis), ...indices.shape.slice(batch), ...x.shape.slice(axis + 1)];
    return [{ shape, dtype: x.dtype }];
  },
  compute([x, indices], attrs, [out]) {
    const axis = resolveAxis(numberAttr(attrs, 'axis'), x.shape.length);
    const batchDims = resolveBatchDims(numberAttr(attrs, 'batchDims'), indices.shape.length);
    const { batch, outer, n, inner, count } = gatherExtents(x.shape, indices.shape, axis, batchDims);
    const y = allocate(out.dtype, sizeOf(out.shape));
    let at = 0;
    for (let b = 0; b < batch; b++) {
      for (let o = 0; o < outer; o++) {
        const base = (b * outer + o) * n;
        for (let c = 0; c < count; c++) {
          const from = (base + checkIndex('gather', indices.data[b * count + c], n)) * inner;
          for (let i = 0; i < inner; i++) y[at++] = x.data[from + i];
        }
      }
    }
    return [y];
  },
};

/** Adjoint of GatherV2 in `x`: adds `dy` to zeros of `shape` at the gathered places. */
const gatherGrad: KernelSpec = {
  inputs: ['dy', 'indices'],
  infer: ([dy], attrs) => [{ shape: numbersAttr(attrs, 'shape'), dtype: dy.dtype }],
  compute([dy, indices], attrs, [out]) {
    const axis = resolveAxis(numberAttr(attrs, 'axis'), out.shape.length);
    const batchDims = resolveBatchDims(numberAttr(attrs, 'batchDims'), indices.shape.length);
    const { batch, outer, n, inner, count } = gatherExtents(out.shape, indices.shape, axis, batchDims);
    const y = allocate(out.dtype, sizeOf(out.shape));
    let at = 0;
    for (let b = 0; b < batch; b++) {
      for (let o = 0; o < outer; o++) {
        const base = (b * outer + o) * n;
        for (let c = 0; c < count; c++) {
          const to = (base + checkIndex('gather', indices.data[b * count + c], n)) * inner;
          for (let i = 0; i < inner; i++) y[to + i] += dy.data[at++];
        }
      }
    }
    return [y];
  },
};

/** Offsets in a tensor of `shape` of the rows that the last axis of `indices` names, and the length of a row. */
export function rowOffsets(op: string, indices: NdArray, shape: Shape): { offsets: Int32Array; row: number } {
  const depth = indices.shape[indices.shape.length - 1] ?? 1;
  if (depth > shape.length) {
    throw new ShapeError(`${op}: index tuples of ${depth} numbers for shape ${formatShape(shape)}`);
  }
  const strides = stridesOf(shape);
  const offsets = new Int32Array(sizeOf(indices.shape.slice(0, -1)));
  for (let r = 0; r < offsets.length; r++) {
    for (let d = 0; d < depth; d++) {
      offsets[r] += checkIndex(op, indices.data[r * depth + d], shape[d]) * strides[d];
    }
  }
  return { offsets, row: sizeOf(shape.slice(depth)) };
}

/** As tfjs scatters: a vector of indices names as many rows, not one tuple. */
function tuplesOf(indices: NdArray): NdArray {
  return indices.shape.length < 2 ? { ...indices, shape: [indices.data.length, 1] } : indices;
}

const gatherNd: KernelSpec = {
  inputs: ['params', 'indices'],
  infer: ([params, indices]) => {
    const depth = indices.shape[indices.shape.length - 1];
    if (depth === undefined || depth > params.shape.length) {
      throw new ShapeError(
        `gatherND: indices ${formatShape(indices.shape)} for shape ${formatShape(params.shape)}\n` +
          '  Fix: the last dimension of the indices counts the leading axes that a tuple of them addresses.',
      );
    }
    return [{ shape: [...indices.shape.slice(0, -1), ...params.shape.slice(depth)], dtype: params.dtype }];
  },
  compute([params, indices], _attrs, [out]) {
    const { offsets, row } = rowOffsets('gatherND', indices, params.shape);
    const y = allocate(out.dtype, sizeOf(out.shape));
    offsets.forEach((from, r) => y.set(params.data.subarray(from, from + row), r * row));
    return [y];
  },
};

function scatterRows(
  y: NumericArray,
  offsets: Int32Array,
  row: number,
  updates: NumericArray,
  add: boolean,
): void {
  offsets.forEach((to, r) => {
    for (let i = 0; i < row; i++) {
      const value = updates.length === 1 ? updates[0] : updates[r * row + i];
      y[to + i] = add ? y[to + i] + value : value;
    }
  });
}

/** Adds updates to zeros of `shape`; repeated indices add up. */
const scatterNd: KernelSpec = {
  inputs: ['indices', 'updates'],
  infer: ([, updates], attrs) => [{ shape: numbersAttr(attrs, 'shape'), dtype: updates.dtype }],
  compute([indices, updates], _attrs, [out]) {
    const { offsets, row } = rowOffsets('scatterND', tuplesOf(indices), out.shape);
    const y = allocate(out.dtype, sizeOf(out.shape));
    scatterRows(y, offsets, row, updates.data, true);
    return [y];
  },
};

/** Replaces rows; of repeated indices the last wins. */
const tensorScatterUpdate: KernelSpec = {
  inputs: ['tensor', 'indices', 'updates'],
  infer: ([tensor]) => [tensor],
  compute([tensor, indices, updates]) {
    const { offsets, row } = rowOffsets('tensorScatterUpdate', tuplesOf(indices), tensor.shape);
    const y = tensor.data.slice();
    scatterRows(y, offsets, row, updates.data, false);
    return [y];
  },
};

/** Writes `sparseValues` (one number or one per index) over `defaultValue`. */
const sparseToDense: KernelSpec = {
  inputs: ['sparseIndices', 'sparseValues', 'defaultValue'],
  infer: ([, values], attrs) => [{ shape: numbersAttr(attrs, 'outputShape'), dtype: values.dtype }],
  compute([indices, values, fallback], _attrs, [out]) {
    const places = out.shape.length === 1 ? tuplesOf(indices) : indices;
    const { offsets } = rowOffsets('sparseToDense', places, out.shape);
    const y = allocate(out.dtype, sizeOf(out.shape)).fill(fallback.data[0] ?? 0);
    scatterRows(y, offsets, 1, values.data, false);
    return [y];
  },
};

/** Sums the slices of axis 0 by segment; negative ids are dropped. */
const unsortedSegmentSum: KernelSpec = {
  inputs: ['x', 'segmentIds'],
  infer: ([x, ids], attrs) => [
    { shape: [numberAttr(attrs, 'numSegments'), ...x.shape.slice(ids.shape.length)], dtype: x.dtype },
  ],
  compute([x, ids], attrs, [out]) {
    const segments = numberAttr(attrs, 'numSegments');
    const y = allocate(out.dtype, sizeOf(out.shape));
    const row = sizeOf(out.shape.slice(1));
    for (let r = 0; r < ids.data.length; r++) {
      const id = ids.data[r];
      if (id < 0) continue;
      checkIndex('unsortedSegmentSum', id, segments);
      for (let i = 0; i < row; i++) y[id * row + i] += x.data[r * row + i];
    }
    return [y];
  },
};

export const gatherKernels = {
  GatherV2: gatherV2,
  GatherV2Grad: gatherGrad,
  GatherNd: gatherNd,
  ScatterNd: scatterNd,
  TensorScatterUpdate: tensorScatterUpdate,
  SparseToDense: sparseToDense,
  UnsortedSegmentSum: unsortedSegmentSum,
};
