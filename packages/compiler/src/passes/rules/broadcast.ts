/** Work on repeated values is done once, and the result repeated. */
import { sizeOf } from '@pyro-ts/ops';
import type { ValueId } from '../../graph/graph';
import { elementwiseKernels } from './elementwise';
import { sameShape, type Rule, type RuleContext, type Rules } from './rule';

/** What a value repeats: the operand of a BroadcastTo, or one number. */
function small(value: ValueId, context: RuleContext): ValueId {
  const { shape, dtype } = context.typeOf(value);
  const splat = shape.length > 0 ? context.splat(value) : undefined;
  if (splat !== undefined) return context.constant(splat, dtype);
  return context.producer(value, 'BroadcastTo')?.inputs[0] ?? value;
}

export function broadcastShape(shapes: readonly (readonly number[])[]): readonly number[] {
  const rank = Math.max(...shapes.map((shape) => shape.length));
  return Array.from({ length: rank }, (_, i) => {
    const sizes = shapes.map((shape) => shape[i - rank + shape.length] ?? 1);
    return sizes.find((n) => n !== 1) ?? 1;
  });
}

/** Shape with ones in front up to a rank. */
const padded = (shape: readonly number[], rank: number): readonly number[] => [
  ...Array.from({ length: rank - shape.length }, () => 1),
  ...shape,
];

/** An elementwise kernel whose operands all repeat something: apply it to what they repeat. */
const beforeRepeating: Rule = (node, context) => {
  if (sizeOf(node.type.shape) < 2) return undefined;
  const repeats = (value: ValueId): boolean =>
    context.producer(value, 'BroadcastTo') !== undefined ||
    (context.shapeOf(value).length > 0 && context.splat(value) !== undefined);
  if (!node.inputs.some(repeats)) return undefined;
  const inputs = node.inputs.map((input) => small(input, context));
  const shape = broadcastShape(inputs.map((input) => context.shapeOf(input)));
  if (sizeOf(shape) >= sizeOf(node.type.shape)) return undefined;
  const value = context.emit(node.kernel, inputs, node.attrs, { ...node.type, shape }, node.label);
  return context.emit('BroadcastTo', [value], { shape: node.type.shape }, node.type, node.label);
};

/** Select broadcasts its operands by itself. */
const smallBranches: Rule = (node, context) => {
  const inputs = [...node.inputs];
  node.inputs.forEach((input, i) => {
    const candidate = small(input, context);
    const shapes = inputs.map((value, k) => context.shapeOf(k === i ? candidate : value));
    if (candidate !== input && sameShape(broadcastShape(shapes), node.type.shape)) inputs[i] = candidate;
  });
  if (inputs.every((value, i) => value === node.inputs[i])) return undefined;
  return context.emit(node.kernel, inputs, node.attrs, node.type, node.label);
};

const transposeOfBroadcast: Rule = (node, context) => {
  const broadcast = context.producer(node.inputs[0], 'BroadcastTo');
  if (broadcast === undefined) return undefined;
  const perm = node.attrs['perm'] as readonly number[];
  const [x] = broadcast.inputs;
  const shape = padded(context.shapeOf(x), perm.length);
  const type = { shape: perm.map((axis) => shape[axis]), dtype: node.type.dtype };
  const value = context.emit('Transpose', [context.reshape(x, shape)], { perm }, type, node.label);
  return context.emit('BroadcastTo', [value], { shape: node.type.shape }, node.type, node.label);
};

const reshapeOfBroadcast: Rule = (node, context) => {
  const broadcast = context.producer(node.inputs[0], 'BroadcastTo');
  if (broadcast === undefined || sizeOf(context.shapeOf(broadcast.inputs[0])) !== 1) return undefined;
  if (node.type.shape.length === 0) return undefined;
  const scalar = context.reshape(broadcast.inputs[0], []);
  return context.emit('BroadcastTo', [scalar], { shape: node.type.shape }, node.type, node.label);
};

function axesOf(axis: unknown, rank: number): readonly number[] {
  const all = Array.from({ length: rank }, (_, i) => i);
  if (axis === null || axis === undefined) return all;
  return (Array.isArray(axis) ? (axis as number[]) : [axis as number]).map((a) => (a < 0 ? a + rank : a));
}

/** A sum over n equal values is n times one of them. */
const sumOfBroadcast: Rule = (node, context) => {
  const broadcast = context.producer(node.inputs[0], 'BroadcastTo');
  const whole = context.shapeOf(node.inputs[0]);
  if (broadcast === undefined || node.type.dtype !== 'float' || sizeOf(whole) === 0) return undefined;
  const [x] = broadcast.inputs;
  if (sizeOf(context.shapeOf(x)) === 1 && sizeOf(node.type.shape) === 1) {
    const scalar = { shape: [], dtype: node.type.dtype };
    const count = context.constant(sizeOf(whole), 'float');
    const times = context.emit('Multiply', [context.reshape(x, []), count], {}, scalar, node.label);
    return context.reshape(times, node.type.shape);
  }
  const shape = padded(context.shapeOf(x), whole.length);
  const axes = axesOf(node.attrs['axis'], whole.length);
  const repeated = axes.filter((axis) => shape[axis] === 1 && whole[axis] !== 1);
  if (repeated.length === 0) return undefined;
  const count = repeated.reduce((product, axis) => product * whole[axis], 1);
  const reduced = shape.map((n, axis) => (axes.includes(axis) ? 1 : n));
  const type = { shape: reduced, dtype: node.type.dtype };
  const sum = context.emit(
    'Sum',
    [context.reshape(x, shape)],
    { axis: axes, keepDims: true },
    type,
    node.label,
  );
  const times = context.emit('Multiply', [sum, context.constant(count, 'float')], {}, type, node.label);
  const spread = whole.map((n, axis) => (axes.includes(axis) ? 1 : n));
  const wide = sameShape(spread, reduced)
    ? times
    : context.emit('BroadcastTo', [times], { shape: spread }, { ...type, shape: spread }, node.label);
  return context.reshape(wide, node.type.shape);
};

/** Indices that repeat: gather once, repeat the result. */
const gatherOfRepeated: Rule = (node, context) => {
  const [x, indices] = node.inputs;
  const broadcast = context.producer(indices, 'BroadcastTo');
  const { axis = 0, batchDims = 0 } = node.attrs as Readonly<Record<string, number | undefined>>;
  if (broadcast === undefined || axis !== 0 || batchDims !== 0) return undefined;
  const shape = padded(context.shapeOf(broadcast.inputs[0]), context.shapeOf(indices).length);
  const type = { shape: [...shape, ...context.shapeOf(x).slice(1)], dtype: node.type.dtype };
  const once = context.emit(
    'GatherV2',
    [x, context.reshape(broadcast.inputs[0], shape)],
    node.attrs,
    type,
    node.label,
  );
  return context.emit('BroadcastTo', [once], { shape: node.type.shape }, node.type, node.label);
};

/** Whatever is picked from copies of one number is that number. */
const gatherFromOne: Rule = (node, context) => {
  const broadcast = context.producer(node.inputs[0], 'BroadcastTo');
  if (broadcast === undefined || context.shapeOf(broadcast.inputs[0]).some((n) => n !== 1)) return undefined;
  const one = context.reshape(broadcast.inputs[0], []);
  return context.emit('BroadcastTo', [one], { shape: node.type.shape }, node.type, node.label);
};

/** The adjoint: what goes to the same index is added up before it is scattered. */
const scatterOfRepeated: Rule = (node, context) => {
  const [dy, indices] = node.inputs;
  const broadcast = context.producer(indices, 'BroadcastTo');
  const { axis = 0, batchDims = 0 } = node.attrs as Readonly<Record<string, number | undefined>>;
  if (broadcast === undefined || axis !== 0 || batchDims !== 0) return undefined;
  const whole = context.shapeOf(indices);
  const shape = padded(context.shapeOf(broadcast.inputs[0]), whole.length);
  const axes = shape.flatMap((n, i) => (n === whole[i] ? [] : [i]));
  const rest = context.shapeOf(dy).slice(whole.length);
  const type = { shape: [...shape, ...rest], dtype: node.type.dtype };
  const sum = context.emit('Sum', [dy], { axis: axes, keepDims: true }, type, node.label);
  return context.emit(
    'GatherV2Grad',
    [sum, context.reshape(broadcast.inputs[0], shape)],
    node.attrs,
    node.type,
    node.label,
  );
};

export const broadcastRules: Rules = {
  ...Object.fromEntries([...elementwiseKernels].map((kernel) => [kernel, [beforeRepeating]])),
  Select: [beforeRepeating, smallBranches],
  Transpose: [transposeOfBroadcast],
  Reshape: [reshapeOfBroadcast],
  Sum: [sumOfBroadcast],
  GatherV2: [gatherFromOne, gatherOfRepeated],
  GatherV2Grad: [scatterOfRepeated],
};
