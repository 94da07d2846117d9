/**
 * Few columns side by side (`stack([a, b], 1)`), their rows gathered, worked on and summed along the columns: the same
 * is done column by column. Columns are vectors, whose gathers and scatters are parts of the loops around them.
 */
import type { ValueId } from '../../graph/graph';
import { axesOf, type Candidate, type Rule, type RuleContext, type Rules } from './rule';

const mostColumns = 4;
/** Fewer rows than this are no loop. */
const fewestRows = 33;

/** Cheap enough to be done twice, by column and whole, where something needs the whole. */
const cheap: ReadonlySet<string> = new Set(['Add', 'Sub', 'Multiply', 'Neg', 'Square']);
/** How many of these are followed from a result to what was joined. */
const mostSteps = 4;

/** The number of columns of a matrix that is worth it. */
function columnsIn(shape: readonly number[]): number | undefined {
  const [rows, columns] = shape;
  const fits = shape.length === 2 && columns > 1 && columns <= mostColumns && rows > 0;
  return fits ? columns : undefined;
}

/** Columns joined, or something cheap of them. */
function isJoined(value: ValueId, context: RuleContext, steps = mostSteps): boolean {
  const node = context.producer(value);
  if (node === undefined || context.typeOf(value).dtype !== 'float') return false;
  if (node.kernel === 'Concat') {
    const rank = context.shapeOf(value).length;
    const axis = node.attrs['axis'] as number;
    return rank === 2 && (axis + rank) % rank === 1 && node.inputs.every((x) => isNarrow(x, context));
  }
  return steps > 0 && cheap.has(node.kernel) && node.inputs.some((x) => isJoined(x, context, steps - 1));
}

const isNarrow = (value: ValueId, context: RuleContext): boolean =>
  (context.shapeOf(value).at(-1) ?? 1) === 1;

function column(value: ValueId, k: number, context: RuleContext, steps = mostSteps): ValueId {
  if (isNarrow(value, context)) return value;
  const { shape, dtype } = context.typeOf(value);
  const size = [...shape.slice(0, -1), 1];
  const type = { shape: size, dtype };
  const node = context.producer(value);
  if (steps > 0 && node !== undefined && cheap.has(node.kernel)) {
    const inputs = node.inputs.map((x) => column(x, k, context, steps - 1));
    return context.emit(node.kernel, inputs, node.attrs, type, node.label);
  }
  const begin = shape.map((_, i) => (i === shape.length - 1 ? k : 0));
  return context.emit('Slice', [value], { begin, size }, type, node?.label);
}

/** Known rows of a matrix, or sums into them: one node a column, joined. `rows` of its operand become those of its result. */
function byColumn(node: Candidate, context: RuleContext, operandRows: number): ValueId | undefined {
  const [x, indices] = node.inputs;
  const { type, attrs, label } = node;
  const columns = columnsIn(context.shapeOf(x));
  if (columns === undefined || type.shape.length !== 2 || type.dtype !== 'float') return undefined;
  const [rows] = type.shape;
  const parts = Array.from({ length: columns }, (_, k) => {
    const vector = context.reshape(column(x, k, context), [operandRows]);
    const shape = 'shape' in attrs ? { shape: [rows] } : {};
    const vectorType = { shape: [rows], dtype: type.dtype };
    const part = context.emit(
      node.kernel,
      [vector, indices],
      { ...attrs, ...shape, axis: 0 },
      vectorType,
      label,
    );
    return context.reshape(part, [rows, 1]);
  });
  return context.emit('Concat', parts, { axis: 1 }, type, label);
}

function takesKnownRows({ inputs, attrs }: Candidate, context: RuleContext): boolean {
  const [x, indices] = inputs;
  const known = context.constantOf(indices);
  if (known === undefined || known.length < fewestRows || context.shapeOf(indices).length !== 1) return false;
  const { axis, batchDims } = attrs;
  return (axis === 0 || axis === -context.shapeOf(x).length) && (batchDims ?? 0) === 0;
}

const gatherRows: Rule = (node, context) => {
  const [x] = node.inputs;
  if (!takesKnownRows(node, context) || !isJoined(x, context)) return undefined;
  return byColumn(node, context, context.shapeOf(x)[0]);
};

/** Where what is scattered is made from columns, or of one factor for all of them. */
const scatterRows: Rule = (node, context) => {
  const [x] = node.inputs;
  if (!takesKnownRows(node, context)) return undefined;
  const maker = context.producer(x);
  const spread =
    maker !== undefined && cheap.has(maker.kernel) && maker.inputs.some((y) => isNarrow(y, context));
  return spread || isJoined(x, context) ? byColumn(node, context, context.shapeOf(x)[0]) : undefined;
};

const sumOfColumns: Rule = (node, context) => {
  const [x] = node.inputs;
  const shape = context.shapeOf(x);
  const columns = columnsIn(shape);
  const axes = axesOf(node, context);
  if (columns === undefined || shape[0] < fewestRows || axes.length !== 1 || axes[0] !== 1) return undefined;
  if (node.type.dtype !== 'float' || !isJoined(x, context)) return undefined;
  const parts = Array.from({ length: columns }, (_, k) =>
    context.reshape(column(x, k, context), node.type.shape),
  );
  return parts.reduce((sum, part) => context.emit('Add', [sum, part], {}, node.type, node.label));
};

export const columnRules: Rules = {
  GatherV2: [gatherRows],
  GatherV2Grad: [scatterRows],
  Sum: [sumOfColumns],
};
