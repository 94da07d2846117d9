/** Kernels that only rename or repeat elements, brought to a few forms: Reshape, Transpose, BroadcastTo, Slice, Concat. */
import { sizeOf } from '@pyro-ts/ops';
import { elementwiseKernels } from './elementwise';
import type { Rule, Rules } from './rule';
import { sameShape } from './rule';

/** Nested reshapes are one; a reshape to the same shape is none. */
const reshape: Rule = (node, context) => {
  const [x] = node.inputs;
  if (sameShape(context.shapeOf(x), node.type.shape)) return x;
  const inner = context.producer(x, 'Reshape');
  return inner === undefined ? undefined : context.reshape(inner.inputs[0], node.type.shape);
};

const asReshape: Rule = (node, context) => context.reshape(node.inputs[0], node.type.shape);

/** A transpose that moves only axes of size one is a reshape; two in a row are one. */
const transpose: Rule = (node, context) => {
  const [x] = node.inputs;
  const perm = node.attrs['perm'] as readonly number[];
  const shape = context.shapeOf(x);
  const moved = perm.filter((axis) => shape[axis] !== 1);
  if (moved.every((axis, i) => i === 0 || moved[i - 1] < axis)) return context.reshape(x, node.type.shape);
  const inner = context.producer(x, 'Transpose');
  if (inner === undefined) return undefined;
  const first = inner.attrs['perm'] as readonly number[];
  return context.emit(
    'Transpose',
    inner.inputs,
    { perm: perm.map((axis) => first[axis]) },
    node.type,
    node.label,
  );
};

/** Tiling axes of size one (or adding axes) is broadcasting. */
const tile: Rule = (node, context) => {
  const reps = node.attrs['reps'] as readonly number[];
  const shape = context.shapeOf(node.inputs[0]);
  if (reps.length !== shape.length || !reps.every((n, i) => n === 1 || shape[i] === 1)) return undefined;
  return context.emit('BroadcastTo', node.inputs, { shape: node.type.shape }, node.type, node.label);
};

const broadcast: Rule = (node, context) => {
  const [x] = node.inputs;
  if (sameShape(context.shapeOf(x), node.type.shape)) return x;
  const inner = context.producer(x, 'BroadcastTo');
  if (inner === undefined) return undefined;
  return context.emit('BroadcastTo', inner.inputs, node.attrs, node.type, node.label);
};

/** A constant filled with one number is a scalar, broadcast. */
const filled =
  (x: number): Rule =>
  (node, context) =>
    context.emit(
      'BroadcastTo',
      [context.constant(x, node.type.dtype)],
      { shape: node.type.shape },
      node.type,
      node.label,
    );

const fill: Rule = (node, context) => filled(node.attrs['value'] as number)(node, context);

/**
 * Elementwise kernels broadcast by themselves: an operand that was broadcast, or a constant that repeats one number,
 * is used in its small form, as long as the result keeps its shape.
 */
const smallOperands: Rule = (node, context) => {
  if (node.type.shape.length === 0) return undefined;
  const shapeWith = (shapes: readonly (readonly number[])[]): readonly number[] => {
    const rank = Math.max(...shapes.map((shape) => shape.length));
    return Array.from({ length: rank }, (_, i) => {
      const sizes = shapes.map((shape) => shape[i - rank + shape.length] ?? 1);
      return sizes.find((n) => n !== 1) ?? 1;
    });
  };
  const inputs = [...node.inputs];
  node.inputs.forEach((input, i) => {
    const splat = context.splat(input);
    const small =
      splat !== undefined && context.shapeOf(input).length > 0
        ? context.constant(splat, context.typeOf(input).dtype)
        : context.producer(input, 'BroadcastTo')?.inputs[0];
    if (small === undefined) return;
    const shapes = inputs.map((value, k) => context.shapeOf(k === i ? small : value));
    if (sameShape(shapeWith(shapes), node.type.shape)) inputs[i] = small;
  });
  if (inputs.every((value, i) => value === node.inputs[i])) return undefined;
  return context.emit(node.kernel, inputs, node.attrs, node.type, node.label);
};

/** An elementwise kernel without broadcasting on a broadcast value: apply it before. */
const beforeBroadcast: Rule = (node, context) => {
  const inner = context.producer(node.inputs[0], 'BroadcastTo');
  if (inner === undefined || node.inputs.length !== 1) return undefined;
  const shape = context.shapeOf(inner.inputs[0]);
  const small = context.emit(node.kernel, inner.inputs, node.attrs, { ...node.type, shape }, node.label);
  return context.emit('BroadcastTo', [small], { shape: node.type.shape }, node.type, node.label);
};

/** A reduction over axes of size one renames. */
const emptyReduction: Rule = (node, context) => {
  const [x] = node.inputs;
  if (sizeOf(context.shapeOf(x)) !== sizeOf(node.type.shape) || sizeOf(node.type.shape) === 0)
    return undefined;
  // Sums of booleans are integers, means of integers floats.
  return context.typeOf(x).dtype === node.type.dtype ? context.reshape(x, node.type.shape) : undefined;
};

const wholeSlice: Rule = (node, context) =>
  sameShape(context.shapeOf(node.inputs[0]), node.type.shape) ? node.inputs[0] : undefined;

const concatOfOne: Rule = (node) => (node.inputs.length === 1 ? node.inputs[0] : undefined);

/** Stacking is concatenation along a new axis of size one. */
const pack: Rule = (node, context) => {
  const axis = (node.attrs['axis'] as number | undefined) ?? 0;
  const parts = node.inputs.map((x) => {
    const shape = [...context.shapeOf(x)];
    shape.splice(axis < 0 ? axis + shape.length + 1 : axis, 0, 1);
    return context.reshape(x, shape);
  });
  return context.emit(
    'Concat',
    parts,
    { axis: axis < 0 ? axis + node.type.shape.length : axis },
    node.type,
    node.label,
  );
};

const unaryKernels = [
  'Abs', 'Neg', 'Exp', 'Expm1', 'Log', 'Log1p', 'Sqrt', 'Rsqrt', 'Square', 'Reciprocal', 'Sigmoid', 'Softplus', 'Tanh',
  'Cast', 'LogicalNot', 'IsNan', 'IsInf', 'IsFinite', 'Sign', 'Floor', 'Lgamma', 'Digamma', 'Sin', 'Cos',
]; // prettier-ignore

export const shapeRules: Rules = {
  Reshape: [reshape],
  ExpandDims: [asReshape],
  Transpose: [transpose],
  Tile: [tile],
  BroadcastTo: [broadcast],
  ZerosLike: [filled(0)],
  OnesLike: [filled(1)],
  Fill: [fill],
  Sum: [emptyReduction],
  Max: [emptyReduction],
  Min: [emptyReduction],
  Prod: [emptyReduction],
  Mean: [emptyReduction],
  Slice: [wholeSlice],
  Concat: [concatOfOne],
  Pack: [pack],
  ...Object.fromEntries([...elementwiseKernels].map((kernel) => [kernel, [smallOperands]])),
  ...Object.fromEntries(unaryKernels.map((kernel) => [kernel, [beforeBroadcast]])),
};
