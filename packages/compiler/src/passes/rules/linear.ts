/**
 * Σ s·x → s·Σx, and so for matrix products and scatters: a scale is applied to the few results instead of the many terms.
 * Σ (x + c) → Σx + n·c where x is itself rounded (a product, a function): then the sum loses nothing that x had.
 * Both change a sum by a few ulp of Σ|terms|. Where s is infinite, 0 · ∞ can stand where a term, or nothing, was scattered.
 */
import { sizeOf } from '@pyro-ts/ops';
import type { ValueId } from '../../graph/graph';
import { axesOf, sameShape, type Candidate, type Rule, type RuleContext, type Rules } from './rule';

const areFloats = (values: readonly ValueId[], context: RuleContext): boolean =>
  values.every((value) => context.typeOf(value).dtype === 'float');

const isOne = (value: ValueId, context: RuleContext): boolean => sizeOf(context.shapeOf(value)) === 1;

/** `[x, s]` if the value is x·s with x of its shape and s of one element; −x counts as x·(−1). */
function scaled(value: ValueId, context: RuleContext): readonly [ValueId, ValueId] | undefined {
  const { shape, dtype } = context.typeOf(value);
  if (dtype !== 'float' || sizeOf(shape) < 2) return undefined;
  const negated = context.producer(value, 'Neg');
  if (negated !== undefined) return [negated.inputs[0], context.constant(-1, 'float')];
  const product = context.producer(value, 'Multiply');
  for (const side of [1, 0]) {
    const [x, s] = product === undefined ? [] : [product.inputs[1 - side], product.inputs[side]];
    if (x === undefined || s === undefined || !isOne(s, context)) continue;
    if (!areFloats([x, s], context)) continue;
    if (sameShape(context.shapeOf(x), shape)) return [x, context.reshape(s, [])];
  }
  return undefined;
}

/** The same node on another operand, times s. */
function pullOut(
  position: number,
  worthwhile: (node: Candidate, context: RuleContext) => boolean = () => true,
): Rule {
  return (node, context) => {
    if (node.type.dtype !== 'float' || !worthwhile(node, context)) return undefined;
    const parts = scaled(node.inputs[position], context);
    if (parts === undefined) return undefined;
    const inputs = node.inputs.map((input, i) => (i === position ? parts[0] : input));
    const value = context.emit(node.kernel, inputs, node.attrs, node.type, node.label);
    if (context.splat(parts[1]) === -1) return context.emit('Neg', [value], {}, node.type, node.label);
    return context.emit('Multiply', [value, parts[1]], {}, node.type, node.label);
  };
}

/** A value in the shape that a sum over `axes` keeping them would have, if it is the same along them. */
function alongNone(value: ValueId, axes: readonly number[], rank: number, context: RuleContext): boolean {
  const shape = context.shapeOf(value);
  return axes.every((axis) => (shape[axis - rank + shape.length] ?? 1) === 1);
}

/** Σ x·s over axes along which s does not vary. */
const sumOfScaled: Rule = (node, context) => {
  const [whole] = node.inputs;
  const product = context.producer(whole, 'Multiply');
  const shape = context.shapeOf(whole);
  if (product === undefined || node.type.dtype !== 'float' || sizeOf(shape) < 2) return undefined;
  const axes = axesOf(node, context);
  for (const side of [1, 0] as const) {
    const [x, s] = [product.inputs[1 - side], product.inputs[side]];
    if (isOne(s, context) || !areFloats([x, s], context)) continue;
    if (!sameShape(context.shapeOf(x), shape)) continue;
    if (!alongNone(s, axes, shape.length, context)) continue;
    const kept = shape.map((n, i) => (axes.includes(i) ? 1 : n));
    const type = { shape: kept, dtype: node.type.dtype };
    const sum = context.emit('Sum', [x], { axis: axes, keepDims: true }, type, node.label);
    return context.reshape(context.emit('Multiply', [sum, s], {}, type, node.label), node.type.shape);
  }
  return undefined;
};

/** Kernels whose results carry a rounding error of their own size. */
const rounded = new Set([
  'Multiply',
  'Square',
  'RealDiv',
  'Neg',
  'Exp',
  'Log',
  'Log1p',
  'Softplus',
  'Lgamma',
]);

/** Whether a value is off by a rounding of its own, or is a sum with one that is. */
function isRounded(value: ValueId, context: RuleContext, depth = 6): boolean {
  const node = context.producer(value);
  if (node === undefined || depth === 0) return false;
  if (rounded.has(node.kernel)) return true;
  const isSum = node.kernel === 'Add' || node.kernel === 'Sub';
  return isSum && node.inputs.some((input) => isRounded(input, context, depth - 1));
}

/** Σ (x ± c), c of fewer elements and constant along the axes, or data. */
const sumOfShifted: Rule = (node, context) => {
  const [whole] = node.inputs;
  const shape = context.shapeOf(whole);
  const shift = context.producer(whole, 'Add') ?? context.producer(whole, 'Sub');
  if (shift === undefined || node.type.dtype !== 'float' || sizeOf(shape) < 2) return undefined;
  const axes = axesOf(node, context);
  if (axes.length !== shape.length) return undefined;
  const sum = (x: ValueId): ValueId => {
    const type = { shape: [], dtype: 'float' } as const;
    // The shift may have fewer dims than the whole.
    const attrs = { axis: context.shapeOf(x).map((_, i) => i), keepDims: false };
    const all = isOne(x, context)
      ? context.reshape(x, [])
      : context.emit('Sum', [x], attrs, type, node.label);
    const repeats = sizeOf(shape) / sizeOf(context.shapeOf(x));
    if (repeats === 1) return all;
    return context.emit('Multiply', [all, context.constant(repeats, 'float')], {}, type, node.label);
  };
  const isShift = (c: ValueId): boolean =>
    context.typeOf(c).dtype === 'float' && (isOne(c, context) || context.constantOf(c) !== undefined);
  const isTerm = (x: ValueId): boolean => sameShape(context.shapeOf(x), shape) && isRounded(x, context);
  const [a, b] = shift.inputs;
  if (!areFloats([a, b], context)) return undefined;
  if (!(isTerm(a) && isShift(b)) && !(isTerm(b) && isShift(a))) return undefined;
  const type = { shape: [], dtype: 'float' } as const;
  const value = context.emit(shift.kernel, [sum(a), sum(b)], {}, type, node.label);
  return context.reshape(value, node.type.shape);
};

/** The result of a matrix product is not larger than what it would be scaled instead. */
const smallerThan =
  (position: number) =>
  (node: Candidate, context: RuleContext): boolean =>
    sizeOf(node.type.shape) <= sizeOf(context.shapeOf(node.inputs[position]));

/** One way to write the axes: equal sums are then seen to be equal. */
const namedAxes: Rule = (node, context) => {
  const axes = [...axesOf(node, context)].sort((a, b) => a - b);
  const isNamed = JSON.stringify(node.attrs['axis']) === JSON.stringify(axes);
  const keepDims = node.attrs['keepDims'] === true;
  const isWhole = axes.length === context.shapeOf(node.inputs[0]).length;
  if (isNamed && !(keepDims && isWhole)) return undefined;
  const attrs = { axis: axes, keepDims: keepDims && !isWhole };
  const type = isWhole ? { ...node.type, shape: [] } : node.type;
  return context.reshape(context.emit('Sum', node.inputs, attrs, type, node.label), node.type.shape);
};

/** A sum does not care where the axes that it takes away were. */
const sumOfTranspose: Rule = (node, context) => {
  const transpose = context.producer(node.inputs[0], 'Transpose');
  if (transpose === undefined) return undefined;
  const perm = transpose.attrs['perm'] as readonly number[];
  const axes = axesOf(node, context);
  const kept = perm.filter((_, i) => !axes.includes(i));
  if (kept.some((axis, i) => i > 0 && kept[i - 1] > axis)) return undefined;
  const [x] = transpose.inputs;
  const shape = kept.map((axis) => context.shapeOf(x)[axis]);
  const attrs = { axis: axes.map((axis) => perm[axis]).sort((a, b) => a - b), keepDims: false };
  const sum = context.emit('Sum', [x], attrs, { shape, dtype: node.type.dtype }, node.label);
  return context.reshape(sum, node.type.shape);
};

export const linearRules: Rules = {
  Sum: [namedAxes, sumOfTranspose, pullOut(0), sumOfScaled, sumOfShifted],
  Reshape: [pullOut(0)],
  GatherV2Grad: [pullOut(0)],
  BatchMatMul: [pullOut(0, smallerThan(0)), pullOut(1, smallerThan(1))],
};
