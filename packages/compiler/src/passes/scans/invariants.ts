/** What is the same in every step of a scan: known inputs become constants of the body, other work moves out of it. */
import type { NumericArray } from '@pyro-ts/ops';
import type { ValueId } from '../../graph/graph';
import type { Rewriter } from '../../graph/rewriter';
import { sameShape, type RuleContext } from '../rules/rule';
import type { Feed, Slots } from './slots';

/** Kernels whose result is larger than what it is made of, and free where it is used. */
const repeating: ReadonlySet<string> = new Set(['BroadcastTo', 'Tile', 'Fill', 'ZerosLike', 'OnesLike']);

/** Carries that the body hands on unchanged are shared inputs; their last value is their first. */
export function fixedCarries(slots: Slots): { slots: Slots; finals: ReadonlyMap<ValueId, ValueId> } {
  const fixed = slots.carries.filter(({ inner, next }) => inner === next);
  if (fixed.length === 0) return { slots, finals: new Map() };
  return {
    finals: new Map(fixed.map(({ final, outer }) => [final, outer])),
    slots: {
      ...slots,
      carries: slots.carries.filter(({ inner, next }) => inner !== next),
      shared: [...slots.shared, ...fixed.map(({ outer, inner }) => ({ outer, inner }))],
    },
  };
}

/** Inputs whose slices are all alike (a repeated value) are shared, and shared constants are the body's own. */
export function sinkConstants(slots: Slots, context: RuleContext): Slots {
  const xs: Feed[] = [];
  const shared: Feed[] = [];
  const constants = new Map<ValueId, NumericArray>(slots.constants);
  for (const x of slots.xs) {
    const slice = commonSlice(x, slots, context);
    if (slice === undefined) xs.push(x);
    else shared.push({ inner: x.inner, outer: slice });
  }
  for (const feed of [...slots.shared, ...shared]) {
    const data = context.constantOf(feed.outer);
    if (data !== undefined) constants.set(feed.inner, data);
  }
  const isSunk = ({ inner }: Feed): boolean => constants.has(inner);
  return { ...slots, xs, shared: [...slots.shared, ...shared].filter((feed) => !isSunk(feed)), constants };
}

/** The outer value that every slice of an input is; undefined if they differ. */
function commonSlice({ outer, inner }: Feed, slots: Slots, context: RuleContext): ValueId | undefined {
  const type = slots.values[inner];
  const splat = context.splat(outer);
  if (splat !== undefined) return context.filled(splat, type);
  const broadcast = context.producer(outer, 'BroadcastTo');
  if (broadcast === undefined) return undefined;
  const [x] = broadcast.inputs;
  const shape = context.shapeOf(x);
  if (shape.length > type.shape.length && shape[0] !== 1) return undefined;
  const small = shape.length > type.shape.length ? context.reshape(x, shape.slice(1)) : x;
  if (sameShape(context.shapeOf(small), type.shape)) return small;
  return context.emit('BroadcastTo', [small], { shape: type.shape }, type);
}

/** Moves what depends on shared inputs alone in front of the scan. */
export function hoistInvariants(slots: Slots, rewriter: Rewriter): Slots {
  const outside = new Map<ValueId, ValueId>(slots.shared.map(({ inner, outer }) => [inner, outer]));
  const moved = new Set<ValueId>();
  const outerOf = (value: ValueId): ValueId => {
    const known = outside.get(value);
    if (known !== undefined) return known;
    const data = slots.constants.get(value) as NumericArray;
    const outer = rewriter.addConstant(slots.values[value], data);
    outside.set(value, outer);
    return outer;
  };
  const isKnown = (value: ValueId): boolean => outside.has(value) || slots.constants.has(value);
  const nodes = slots.nodes.filter((node) => {
    if (repeating.has(node.kernel) || node.inputs.length === 0 || !node.inputs.every(isKnown)) return true;
    const types = node.outputs.map((output) => slots.values[output]);
    const outputs = rewriter.addNode({ ...node, inputs: node.inputs.map(outerOf) }, types);
    node.outputs.forEach((output, i) => {
      outside.set(output, outputs[i]);
      moved.add(output);
    });
    return false;
  });
  if (moved.size === 0) return slots;
  const read = new Set<ValueId>([
    ...nodes.flatMap((node) => node.inputs),
    ...slots.carries.map(({ next }) => next),
    ...slots.ys.map(({ inner }) => inner),
  ]);
  const feeds = [...moved]
    .filter((value) => read.has(value))
    .map((inner): Feed => ({ inner, outer: outside.get(inner) as ValueId }));
  return { ...slots, nodes, shared: [...slots.shared, ...feeds] };
}
