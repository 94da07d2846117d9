/** Slices: of slices, of joins and of repeated values; gathers and strided slices that are slices. */
import { sizeOf } from '@pyro-ts/ops';
import type { GraphNode, ValueId } from '../../graph/graph';
import { boxOf } from './box';
import { sameShape, type Candidate, type Rule, type RuleContext, type Rules } from './rule';

function emitSlice(
  x: ValueId,
  begin: readonly number[],
  node: Pick<Candidate, 'type' | 'label'>,
  context: RuleContext,
): ValueId {
  const { shape } = node.type;
  if (sameShape(context.shapeOf(x), shape)) return x;
  return context.emit('Slice', [x], { begin, size: shape }, node.type, node.label);
}

const sliceOfSlice: Rule = (node, context) => {
  const inner = context.producer(node.inputs[0], 'Slice');
  if (inner === undefined) return undefined;
  const first = boxOf(inner.attrs, context.shapeOf(inner.inputs[0])).begin;
  const { begin } = boxOf(node.attrs, context.shapeOf(node.inputs[0]));
  return emitSlice(
    inner.inputs[0],
    begin.map((b, i) => b + first[i]),
    node,
    context,
  );
};

/** Where the operands of a Concat begin, once per node: a loop slices one Concat many times. */
const starts = new WeakMap<GraphNode, Int32Array>();

function startsOf(concat: GraphNode, axis: number, context: RuleContext): Int32Array {
  let known = starts.get(concat);
  if (known === undefined) {
    known = new Int32Array(concat.inputs.length + 1);
    for (let i = 0; i < concat.inputs.length; i++)
      known[i + 1] = known[i] + context.shapeOf(concat.inputs[i])[axis];
    starts.set(concat, known);
  }
  return known;
}

/** The last operand that begins at or before a position. */
function operandAt(bounds: Int32Array, position: number): number {
  let low = 0;
  let high = bounds.length - 2;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (bounds[middle] <= position) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** A slice that lies within one operand of a Concat is a slice of that operand. */
const sliceOfConcat: Rule = (node, context) => {
  const concat = context.producer(node.inputs[0], 'Concat');
  if (concat === undefined || sizeOf(node.type.shape) === 0) return undefined;
  const shape = context.shapeOf(node.inputs[0]);
  const given = concat.attrs['axis'] as number;
  const axis = given < 0 ? given + shape.length : given;
  const { begin } = boxOf(node.attrs, shape);
  const bounds = startsOf(concat, axis, context);
  const k = operandAt(bounds, begin[axis]);
  if (begin[axis] + node.type.shape[axis] > bounds[k + 1]) return undefined;
  if (context.typeOf(concat.inputs[k]).dtype !== node.type.dtype) return undefined;
  const within = begin.map((b, i) => (i === axis ? b - bounds[k] : b));
  return emitSlice(concat.inputs[k], within, node, context);
};

/** A slice within what was padded does not need the padding. */
const sliceOfPad: Rule = (node, context) => {
  const pad = context.producer(node.inputs[0], 'PadV2');
  if (pad === undefined) return undefined;
  const inner = context.shapeOf(pad.inputs[0]);
  const paddings = pad.attrs['paddings'] as readonly (readonly number[])[];
  const { begin, size } = boxOf(node.attrs, context.shapeOf(node.inputs[0]));
  const within = begin.map((b, i) => b - paddings[i][0]);
  if (!within.every((b, i) => b >= 0 && b + size[i] <= inner[i])) return undefined;
  return emitSlice(pad.inputs[0], within, node, context);
};

/** Slicing what is repeated along the sliced axes repeats less. */
const sliceOfBroadcast: Rule = (node, context) => {
  const broadcast = context.producer(node.inputs[0], 'BroadcastTo');
  if (broadcast === undefined) return undefined;
  const [x] = broadcast.inputs;
  const small = context.shapeOf(x);
  const { shape } = node.type;
  const fits = small.every((n, i) => n === 1 || n === shape[i + shape.length - small.length]);
  if (!fits || shape.includes(0)) return undefined;
  return context.emit('BroadcastTo', [x], { shape }, node.type, node.label);
};

/** Constant indices that count up by one: a slice. */
function consecutive(indices: ValueId, context: RuleContext): { first: number; count: number } | undefined {
  const data = context.constantOf(indices);
  if (data === undefined || data.length === 0) return undefined;
  for (let i = 1; i < data.length; i++) if (data[i] !== data[0] + i) return undefined;
  return { first: data[0], count: data.length };
}

function axisOf(node: Candidate, rank: number): number | undefined {
  const { axis = 0, batchDims = 0 } = node.attrs as Readonly<Record<string, number | undefined>>;
  if (batchDims !== 0) return undefined;
  return axis < 0 ? axis + rank : axis;
}

const gatherOfRange: Rule = (node, context) => {
  const [x, indices] = node.inputs;
  const shape = context.shapeOf(x);
  const axis = axisOf(node, shape.length);
  const range = consecutive(indices, context);
  if (axis === undefined || range === undefined) return undefined;
  // An index out of range is the kernel's to report.
  if (range.first < 0 || range.first + range.count > shape[axis]) return undefined;
  const size = shape.map((n, i) => (i === axis ? range.count : n));
  const begin = shape.map((_, i) => (i === axis ? range.first : 0));
  const type = { shape: size, dtype: node.type.dtype };
  return context.reshape(emitSlice(x, begin, { type, label: node.label }, context), node.type.shape);
};

const scatterOfRange: Rule = (node, context) => {
  const [dy, indices] = node.inputs;
  const { shape } = node.type;
  const axis = axisOf(node, shape.length);
  const range = consecutive(indices, context);
  if (axis === undefined || range === undefined) return undefined;
  if (range.first < 0 || range.first + range.count > shape[axis]) return undefined;
  const box = context.reshape(
    dy,
    shape.map((n, i) => (i === axis ? range.count : n)),
  );
  const paddings = shape.map((n, i) => (i === axis ? [range.first, n - range.first - range.count] : [0, 0]));
  return context.emit('PadV2', [box], { paddings, constantValue: 0 }, node.type, node.label);
};

const noPadding: Rule = (node, context) =>
  sameShape(context.shapeOf(node.inputs[0]), node.type.shape) ? node.inputs[0] : undefined;

export const slicingRules: Rules = {
  Slice: [sliceOfSlice, sliceOfConcat, sliceOfPad, sliceOfBroadcast],
  PadV2: [noPadding],
  GatherV2: [gatherOfRange],
  GatherV2Grad: [scatterOfRange],
};
