/** Rules of kernels that move, repeat, cut and join elements. */
import type { AttrValue } from '@pyro-ts/ops';
import { boxOf } from '../passes/rules/box';
import { shifted, type BatchNode, type BatchRule } from './context';

const numbers = (node: BatchNode, name: string): readonly number[] => node.attrs[name] as readonly number[];

/** Reshape and ExpandDims. */
export const reshape: BatchRule = (node, batch) => [
  batch.reshape(node.operands[0].value, [batch.size, ...node.types[0].shape]),
];

export const transpose: BatchRule = (node, batch) => [
  batch.transpose(node.operands[0].value, [0, ...numbers(node, 'perm').map((axis) => axis + 1)]),
];

export const reverse: BatchRule = (node, batch) => {
  const [x] = node.operands;
  const given = node.attrs['dims'] as number | readonly number[] | null | undefined;
  const rank = x.type.shape.length;
  const list = typeof given === 'number' ? [given] : (given ?? x.type.shape.map((_, i) => i));
  const dims = rank === 0 ? [] : list.map((axis) => shifted(axis, rank));
  return batch.emit(node, [x.value], { dims });
};

export const tile: BatchRule = (node, batch) =>
  batch.emit(node, [node.operands[0].value], { reps: [1, ...numbers(node, 'reps')] });

export const broadcastTo: BatchRule = (node, batch) => {
  const { shape } = node.types[0];
  return [batch.broadcast(batch.aligned(node.operands[0], shape.length), [batch.size, ...shape])];
};

export const slice: BatchRule = (node, batch) => {
  const [x] = node.operands;
  const { begin } = boxOf(node.attrs, x.type.shape);
  return batch.emit(node, [x.value], { begin: [0, ...begin], size: [batch.size, ...node.types[0].shape] });
};

/** StridedSlice and its gradient: the first axis is taken whole, by the begin and end masks. */
export const strided: BatchRule = (node, batch) => {
  const mask = (name: string, own: 0 | 1): number =>
    (((node.attrs[name] as number | undefined) ?? 0) << 1) | own;
  const begin = numbers(node, 'begin');
  const strides = (node.attrs['strides'] as readonly number[] | undefined) ?? begin.map(() => 1);
  const shape = node.attrs['shape'] as readonly number[] | undefined;
  return batch.emit(node, [node.operands[0].value], {
    begin: [0, ...begin],
    end: [0, ...numbers(node, 'end')],
    strides: [1, ...strides],
    beginMask: mask('beginMask', 1),
    endMask: mask('endMask', 1),
    ellipsisMask: mask('ellipsisMask', 0),
    newAxisMask: mask('newAxisMask', 0),
    shrinkAxisMask: mask('shrinkAxisMask', 0),
    ...(shape === undefined ? {} : { shape: [batch.size, ...shape] }),
  });
};

export const pad: BatchRule = (node, batch) => {
  const paddings: AttrValue = [[0, 0], ...(node.attrs['paddings'] as readonly AttrValue[])];
  return batch.emit(node, [node.operands[0].value], { ...node.attrs, paddings });
};

/** Kernels that join or part along `axis`; `rank` is that of the tensor which has the axis. */
const onAxis =
  (rankOf: (node: BatchNode) => number): BatchRule =>
  (node, batch) => {
    const axis = shifted((node.attrs['axis'] as number | undefined) ?? 0, rankOf(node));
    return batch.emit(
      node,
      node.operands.map((operand) => batch.materialised(operand)),
      { ...node.attrs, axis },
    );
  };

export const concat = onAxis((node) => node.types[0].shape.length);
export const pack = onAxis((node) => node.types[0].shape.length);
export const unpack = onAxis((node) => node.operands[0].type.shape.length);

/** x on the diagonal of a matrix of zeros. */
export const diag: BatchRule = (node, batch) => {
  const [{ value, type }] = node.operands;
  const n = batch.elements(type);
  const g = batch.builder;
  const eye = Uint8Array.from({ length: n * n }, (_, i) => Number(i % (n + 1) === 0));
  const zero = g.constant({ float: Float64Array, int: Int32Array, bool: Uint8Array }[type.dtype].of(0));
  const rows = batch.reshape(value, [batch.size, n, 1]);
  const matrix = g.node('Select', [g.constant(eye, [n, n]), rows, zero]);
  return [batch.reshape(matrix, [batch.size, ...node.types[0].shape])];
};
