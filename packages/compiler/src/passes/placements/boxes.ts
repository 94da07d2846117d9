/** Sums of boxes in zeros: disjoint ones become a concatenation, others one scatter. Linear in what the boxes hold. */
import { sizeOf } from '@pyro-ts/ops';
import type { ValueId, ValueType } from '../../graph/graph';
import type { RuleContext } from '../rules/rule';
import type { BoxPlacement } from './placement';

type Box = Pick<BoxPlacement, 'value' | 'begin' | 'size'>;

/** Boxes that overlap more often than this are scattered. */
const mostLayers = 8;

function groupBy<T>(items: readonly T[], key: (item: T) => string): T[][] {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const k = key(item);
    const group = groups.get(k);
    if (group === undefined) groups.set(k, [item]);
    else group.push(item);
  }
  return [...groups.values()];
}

/** Boxes at one and the same place are added up. */
function addEqual(boxes: readonly Box[], dtype: ValueType['dtype'], context: RuleContext): Box[] {
  return groupBy(boxes, ({ begin, size }) => `${begin.join()};${size.join()}`).map((group) => ({
    ...group[0],
    value: group
      .map((box) => box.value)
      .reduce((sum, value) => context.emit('Add', [sum, value], {}, { shape: group[0].size, dtype })),
  }));
}

/** Sorted along an axis and dealt out so that no two boxes of a layer overlap; undefined if that takes too many. */
function layers(boxes: readonly Box[], axis: number): Box[][] | undefined {
  const result: Box[][] = [];
  const ends: number[] = [];
  for (const box of [...boxes].sort((a, b) => a.begin[axis] - b.begin[axis])) {
    let k = ends.findIndex((end) => end <= box.begin[axis]);
    if (k < 0) k = result.push([]) - 1;
    if (k >= mostLayers) return undefined;
    result[k].push(box);
    ends[k] = box.begin[axis] + box.size[axis];
  }
  return result;
}

/** Disjoint boxes in a row, with zeros between them. */
function joined(boxes: readonly Box[], axis: number, dtype: ValueType['dtype'], context: RuleContext): Box {
  if (boxes.length === 1) return boxes[0];
  const [first] = boxes;
  const at = (n: number): number[] => first.size.map((size, i) => (i === axis ? n : size));
  const parts: ValueId[] = [];
  let end = first.begin[axis];
  for (const { value, begin, size } of boxes) {
    if (begin[axis] > end) parts.push(context.filled(0, { shape: at(begin[axis] - end), dtype }));
    parts.push(value);
    end = begin[axis] + size[axis];
  }
  const size = at(end - first.begin[axis]);
  return {
    begin: first.begin,
    size,
    value: context.emit('Concat', parts, { axis }, { shape: size, dtype }),
  };
}

/** Axis by axis from the last, boxes that differ only along the axis become one. */
function joinAll(
  boxes: readonly Box[],
  rank: number,
  dtype: ValueType['dtype'],
  context: RuleContext,
): Box[] | undefined {
  let current = addEqual(boxes, dtype, context);
  for (let axis = rank - 1; axis >= 0; axis--) {
    const others = ({ begin, size }: Box): string =>
      begin.map((b, i) => (i === axis ? '' : `${b}+${size[i]}`)).join();
    const next: Box[] = [];
    for (const group of groupBy(current, others)) {
      const dealt = layers(group, axis);
      if (dealt === undefined) return undefined;
      for (const layer of dealt) next.push(joined(layer, axis, dtype, context));
    }
    current = next.length < current.length ? addEqual(next, dtype, context) : current;
  }
  return current;
}

/** Positions of a box in the row-major order of the shape around it. */
function flatIndices({ begin, size }: Box, shape: readonly number[], out: Int32Array, start: number): number {
  let at = start;
  const walk = (axis: number, base: number): void => {
    if (axis === shape.length) {
      out[at++] = base;
      return;
    }
    for (let i = 0; i < size[axis]; i++) walk(axis + 1, base * shape[axis] + begin[axis] + i);
  };
  walk(0, 0);
  return at;
}

function scatter(boxes: readonly Box[], type: ValueType, context: RuleContext): ValueId {
  const total = boxes.reduce((sum, { size }) => sum + sizeOf(size), 0);
  const indices = new Int32Array(total);
  let at = 0;
  for (const box of boxes) at = flatIndices(box, type.shape, indices, at);
  const flat = boxes.map(({ value, size }) => context.reshape(value, [sizeOf(size)]));
  const { dtype } = type;
  const dy = context.emit('Concat', flat, { axis: 0 }, { shape: [total], dtype });
  const shape = [sizeOf(type.shape)];
  const constant = context.data(indices, { shape: [total], dtype: 'int' });
  const attrs = { axis: 0, batchDims: 0, shape };
  return context.reshape(context.emit('GatherV2Grad', [dy, constant], attrs, { shape, dtype }), type.shape);
}

function padded({ value, begin, size }: Box, type: ValueType, context: RuleContext): ValueId {
  const paddings = begin.map((before, i) => [before, type.shape[i] - before - size[i]]);
  if (paddings.every(([before, after]) => before === 0 && after === 0)) return value;
  return context.emit('PadV2', [value], { paddings, constantValue: 0 }, type);
}

/**
 * The sum of boxes that share one surrounding shape, as values to add up: one, unless a few large ones overlap.
 * Writing T elements one by one costs T, not T times the length of the whole.
 */
export function mergeBoxes(boxes: readonly Box[], type: ValueType, context: RuleContext): ValueId[] {
  const whole = sizeOf(type.shape);
  const held = boxes.reduce((sum, { size }) => sum + sizeOf(size), 0);
  const merged = joinAll(boxes, type.shape.length, type.dtype, context);
  if (merged !== undefined && (merged.length === 1 || merged.length * whole <= 2 * (held + whole)))
    return merged.map((box) => padded(box, type, context));
  return [scatter(boxes, type, context)];
}
