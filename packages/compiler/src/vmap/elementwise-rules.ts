/** Rules of kernels that broadcast, of reductions, and of kernels along one axis. */
import type { Attrs } from '@pyro-ts/ops';
import { shifted, type BatchRule } from './context';

/** Operands broadcast against each other: ranks are made equal behind the batch axis. Matrix products too. */
export const broadcasting: BatchRule = (node, batch) => {
  const rank = node.types[0].shape.length;
  const inputs = node.operands.map((operand) => batch.aligned(operand, rank));
  return batch.emit(node, inputs);
};

/** The first factor has the batch axis whichever operand brings it: the shape rule looks at the factors alone. */
export const fusedMatMul: BatchRule = (node, batch) => {
  const rank = node.types[0].shape.length;
  const [a, ...others] = node.operands;
  const first = { ...a, value: batch.materialised(a), batched: true };
  return batch.emit(
    node,
    [first, ...others].map((operand) => batch.aligned(operand, rank)),
  );
};

/** The kernel treats leading axes as independent: nothing changes but that all operands have the batch axis. */
export const leading: BatchRule = (node, batch) =>
  batch.emit(
    node,
    node.operands.map((operand) => batch.materialised(operand)),
  );

/** Axes of a reduction; none given are all. */
function axesOf(given: unknown, rank: number): number[] {
  if (given === null || given === undefined) return Array.from({ length: rank }, (_, i) => i + 1);
  const list = typeof given === 'number' ? [given] : (given as readonly number[]);
  return rank === 0 ? [] : list.map((axis) => shifted(axis, rank));
}

export const reduction: BatchRule = (node, batch) => {
  const [x] = node.operands;
  const { axis, reductionIndices, keepDims } = node.attrs;
  const axes = axesOf(axis ?? reductionIndices, x.type.shape.length);
  return batch.emit(node, [x.value], { axis: axes, ...(keepDims === undefined ? {} : { keepDims }) });
};

/** Kernels along the axis that the attribute `name` holds; a scalar counts as a vector of one. */
export const alongAxis =
  (name: string, fallback = 0): BatchRule =>
  (node, batch) => {
    const [x] = node.operands;
    const rank = x.type.shape.length;
    const given = (node.attrs[name] as number | undefined) ?? fallback;
    if (rank > 0) return batch.emit(node, [x.value], { ...node.attrs, [name]: shifted(given, rank) });
    const attrs: Attrs = { ...node.attrs, [name]: 1 };
    const [line] = batch.emit(node, [batch.reshape(x.value, [batch.size, 1])], attrs);
    return [batch.reshape(line, [batch.size, ...node.types[0].shape])];
  };

/** A letter that the equation does not have stands for the batch. */
export const einsum: BatchRule = (node, batch) => {
  const equation = (node.attrs['equation'] as string).replace(/\s/g, '');
  const letter = [...'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'].find(
    (c) => !equation.includes(c),
  );
  const [left, right] = equation.split('->');
  const terms = left.split(',').map((term, i) => (node.operands[i].batched ? `${letter}${term}` : term));
  const inputs = node.operands.map(({ value }) => value);
  return batch.emit(node, inputs, { ...node.attrs, equation: `${terms.join()}->${letter}${right}` });
};
