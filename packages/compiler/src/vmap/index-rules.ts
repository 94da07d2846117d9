/** Rules of kernels that read from, or add to, places given by indices. */
import type { ValueId } from '../graph/graph';
import { shifted, type BatchContext, type BatchNode, type BatchRule, type Operand } from './context';

function axisAndBatch(node: BatchNode, rank: number): { axis: number; batchDims: number } {
  const { axis = 0, batchDims = 0 } = node.attrs as Readonly<Record<string, number | undefined>>;
  const indicesRank = node.operands[1].type.shape.length;
  return { axis: shifted(axis, rank), batchDims: batchDims < 0 ? batchDims + indicesRank : batchDims };
}

/** The indices' batch axis appears where the gathered axis was, unless both operands share it as a batch dimension. */
export const gather: BatchRule = (node, batch) => {
  const [x, indices] = node.operands;
  const { axis, batchDims } = axisAndBatch(node, x.type.shape.length);
  if (x.batched && !indices.batched && batchDims === 0)
    return batch.emit(node, [x.value, indices.value], { axis, batchDims: 0 });
  if (!x.batched && batchDims === 0) {
    const [y] = batch.emit(node, [x.value, indices.value], { axis: axis - 1, batchDims: 0 });
    const rank = node.types[0].shape.length + 1;
    const others = Array.from({ length: rank }, (_, i) => i).filter((i) => i !== axis - 1);
    return [axis === 1 ? y : batch.transpose(y, [axis - 1, ...others])];
  }
  const inputs = [batch.materialised(x), batch.materialised(indices)];
  return batch.emit(node, inputs, { axis, batchDims: batchDims + 1 });
};

export const gatherGrad: BatchRule = (node, batch) => {
  const [dy, indices] = node.operands;
  const { shape } = node.types[0];
  const { axis, batchDims } = axisAndBatch(node, shape.length);
  const whole = [batch.size, ...shape];
  if (!indices.batched && batchDims === 0)
    return batch.emit(node, [dy.value, indices.value], { axis, batchDims: 0, shape: whole });
  const inputs = [batch.materialised(dy), batch.materialised(indices)];
  return batch.emit(node, inputs, { axis, batchDims: batchDims + 1, shape: whole });
};

/** Index tuples with the number of the example in front. */
function withExample(indices: Operand, batch: BatchContext): ValueId {
  const { shape } = indices.type;
  const examples = batch.broadcast(batch.indices(shape.length + 1), [batch.size, ...shape.slice(0, -1), 1]);
  return batch.builder.node('Concat', [examples, batch.materialised(indices)], { axis: shape.length });
}

export const gatherNd: BatchRule = (node, batch) => {
  const [params, indices] = node.operands;
  if (!params.batched) return batch.emit(node, [params.value, indices.value]);
  return batch.emit(node, [params.value, withExample(indices, batch)]);
};

/** Updates of one number stand for one at every place. */
function updatesAt(
  updates: Operand,
  indices: Operand,
  whole: readonly number[],
  batch: BatchContext,
): ValueId {
  const depth = indices.type.shape[indices.type.shape.length - 1];
  const shape = [...indices.type.shape.slice(0, -1), ...whole.slice(depth)];
  const full = batch.materialised(updates);
  const rank = shape.length + 1;
  const ones = [batch.size, ...new Array<number>(rank - 1).fill(1)];
  const single = batch.elements(updates.type) === 1 ? batch.reshape(full, ones) : full;
  return batch.broadcast(single, [batch.size, ...shape]);
}

export const scatterNd: BatchRule = (node, batch) => {
  const [indices, updates] = node.operands;
  const { shape } = node.types[0];
  const inputs = [withExample(indices, batch), updatesAt(updates, indices, shape, batch)];
  return batch.emit(node, inputs, { shape: [batch.size, ...shape] });
};

export const scatterUpdate: BatchRule = (node, batch) => {
  const [tensor, indices, updates] = node.operands;
  const rows = updatesAt(updates, indices, tensor.type.shape, batch);
  return batch.emit(node, [batch.materialised(tensor), withExample(indices, batch), rows]);
};

/** Every example has its own range of segments; negative ids stay what they are: dropped. */
export const segmentSum: BatchRule = (node, batch) => {
  const [x, ids] = node.operands;
  const g = batch.builder;
  const segments = node.attrs['numSegments'] as number;
  const { shape } = ids.type;
  const first = g.node('Multiply', [batch.indices(shape.length + 1), g.constant(Int32Array.of(segments))]);
  const given = batch.materialised(ids);
  const isDropped = g.node('Less', [given, g.constant(Int32Array.of(0))]);
  const own = g.node('Select', [isDropped, g.constant(Int32Array.of(-1)), g.node('Add', [given, first])]);
  const numSegments = batch.size * segments;
  const [sums] = batch.emit(node, [batch.materialised(x), own], { numSegments });
  return [batch.reshape(sums, [batch.size, ...node.types[0].shape])];
};
