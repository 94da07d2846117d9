/** Derivatives of kernels with index operands: gathering and scattering are each other's adjoints. */
import type * as tfjs from '@tensorflow/tfjs';
import { booleanAttr, numberAttr } from '../kernels/attrs';
import { runKernel } from '../kernels/run';
import * as p from './primitives';
import type { GradientEntry } from './row';

type T = tfjs.Tensor;

const gatherNd = (params: T, indices: T): T => runKernel('GatherNd', { params, indices });
const scatterNd = (indices: T, updates: T, shape: readonly number[]): T =>
  runKernel('ScatterNd', { indices, updates }, { shape: [...shape] });

/** A vector of indices is one tuple to GatherNd, and as many tuples to ScatterNd and its like. */
const asOneTuple = (t: T): T => p.reshape(t, [1, ...t.shape]);

/** Index tuples as rows, also where a vector of indices was given. */
const asTuples = (indices: T): T =>
  indices.rank < 2 ? p.reshape(indices, [indices.size, 1]) : p.identity(indices);

/** Values of `table` at integer `ids`, 0 where the id lies outside of it. */
function lookUp(table: T, ids: T, axis: number, batchDims: number): T {
  const size = table.shape[axis];
  const known = p.and(p.greaterEqual(ids, p.constant(0)), p.greater(p.constant(size), ids));
  const safe = p.cast(p.select(known, ids, p.cast(p.fill(ids.shape, 0), 'int32')), 'int32');
  const rows = runKernel('GatherV2', { x: table, indices: safe }, { axis, batchDims });
  const mask = p.reshape(known, [...ids.shape, ...rows.shape.slice(ids.rank).map(() => 1)]);
  return p.keepWhere(mask, rows);
}

export const gatherGradients = {
  GatherV2: {
    inputsToSave: ['x', 'indices'],
    gradFunc: (dy, [x, indices], attrs) => ({
      x: () => runKernel('GatherV2Grad', { dy: dy as T, indices }, { ...attrs, shape: [...x.shape] }),
      indices: () => p.fill(indices.shape, 0),
    }),
  },
  GatherV2Grad: {
    inputsToSave: ['indices'],
    gradFunc: (g, [indices], { axis, batchDims }) => ({
      dy: () => runKernel('GatherV2', { x: g as T, indices }, { axis, batchDims }),
      indices: () => p.fill(indices.shape, 0),
    }),
  },
  GatherNd: {
    inputsToSave: ['params', 'indices'],
    gradFunc: (dy, [params, indices]) => ({
      params: () =>
        indices.rank === 1
          ? scatterNd(asOneTuple(indices), asOneTuple(dy as T), params.shape)
          : scatterNd(indices, dy as T, params.shape),
      indices: () => p.fill(indices.shape, 0),
    }),
  },
  ScatterNd: {
    inputsToSave: ['indices'],
    gradFunc: (dy, [indices]) => ({
      indices: () => p.fill(indices.shape, 0),
      updates: () => gatherNd(dy as T, asTuples(indices)),
    }),
  },
  /** For distinct indices; of repeated ones only the last has an effect, yet all are given its cotangent. */
  TensorScatterUpdate: {
    inputsToSave: ['indices', 'updates'],
    gradFunc: (dy, [indices, updates]) => ({
      tensor: () =>
        runKernel('TensorScatterUpdate', { tensor: dy as T, indices, updates: p.fill(updates.shape, 0) }),
      indices: () => p.fill(indices.shape, 0),
      updates: () => gatherNd(dy as T, asTuples(indices)),
    }),
  },
  SparseToDense: {
    inputsToSave: ['sparseIndices', 'sparseValues', 'defaultValue'],
    gradFunc: (dy, [indices, values, fallback]) => ({
      sparseIndices: () => p.fill(indices.shape, 0),
      sparseValues: () => p.sumTo(gatherNd(dy as T, asTuples(indices)), values.shape),
      defaultValue: () => {
        const tuples = asTuples(indices);
        const updates = p.fill([tuples.shape[0]], 0);
        const rest = runKernel('TensorScatterUpdate', { tensor: dy as T, indices: tuples, updates });
        return p.reshape(p.sum(rest, [...rest.shape.keys()]), fallback.shape);
      },
    }),
  },
  UnsortedSegmentSum: {
    inputsToSave: ['segmentIds'],
    gradFunc: (dy, [segmentIds]) => ({
      x: () => lookUp(dy as T, segmentIds, 0, 0),
      segmentIds: () => p.fill(segmentIds.shape, 0),
    }),
  },
  TopK: {
    inputsToSave: ['x'],
    outputsToSave: [false, true],
    gradFunc: (dys, [x, indices]) => ({
      x: () => {
        const axis = x.rank - 1;
        const attrs = { shape: [...x.shape], axis, batchDims: axis };
        return runKernel('GatherV2Grad', { dy: (dys as T[])[0], indices }, attrs);
      },
    }),
  },
  Bincount: {
    inputsToSave: ['x', 'weights'],
    gradFunc: (dy, [x, weights], attrs) => ({
      x: () => p.fill(x.shape, 0),
      weights: () =>
        weights.size === 0 || numberAttr(attrs, 'size') === 0
          ? p.fill(weights.shape, 0)
          : p.reshape(lookUp(dy as T, x, 0, 0), weights.shape),
    }),
  },
  DenseBincount: {
    inputsToSave: ['x', 'weights'],
    gradFunc: (dy, [x, weights], attrs) => ({
      x: () => p.fill(x.shape, 0),
      weights: () =>
        weights.size === 0 || booleanAttr(attrs, 'binaryOutput')
          ? p.fill(weights.shape, 0)
          : p.reshape(lookUp(dy as T, x, x.rank - 1, x.rank - 1), weights.shape),
    }),
  },
  LowerBound: null,
  UpperBound: null,
  SearchSorted: null,
} satisfies Record<string, GradientEntry>;
