/**
 * Takes nested concatenations as one of many operands, and puts neighbouring slices of one tensor together again: what
 * a loop took apart and stacked is the tensor itself.
 */
import type { Graph, GraphNode, ValueId } from '../graph/graph';
import { Rewriter } from '../graph/rewriter';
import type { Pass } from './pass';
import { boxOf } from './rules/box';
import { RuleContext, sameShape } from './rules/rule';
import { useCounts } from './uses';

function axisOf(graph: Graph, node: GraphNode): number {
  const axis = node.attrs['axis'] as number;
  return axis < 0 ? axis + graph.values[node.outputs[0]].shape.length : axis;
}

/** The operands of each concatenation; those that are only part of another one along the same axis are left out. */
function collectJoins(graph: Graph): Map<GraphNode, readonly ValueId[]> {
  const uses = useCounts(graph);
  const joins = new Map<ValueId, GraphNode>();
  for (const node of graph.nodes) if (node.kernel === 'Concat') joins.set(node.outputs[0], node);
  const parts = new Set<ValueId>();
  for (const node of joins.values()) {
    for (const input of node.inputs) {
      const inner = joins.get(input);
      if (inner === undefined || uses[input] !== 1 || axisOf(graph, inner) !== axisOf(graph, node)) continue;
      if (graph.values[input].dtype === graph.values[node.outputs[0]].dtype) parts.add(input);
    }
  }
  const roots = new Map<GraphNode, readonly ValueId[]>();
  for (const [output, node] of joins) {
    if (parts.has(output)) continue;
    const operands: ValueId[] = [];
    const stack = [...node.inputs].reverse();
    for (let operand = stack.pop(); operand !== undefined; operand = stack.pop()) {
      const inner = parts.has(operand) ? joins.get(operand) : undefined;
      if (inner === undefined) operands.push(operand);
      else for (let i = inner.inputs.length - 1; i >= 0; i--) stack.push(inner.inputs[i]);
    }
    roots.set(node, operands);
  }
  return roots;
}

/** A window on a tensor. */
interface Window {
  readonly source: ValueId;
  readonly begin: readonly number[];
  readonly size: readonly number[];
}

/** The window that an operand is: a slice, or one output of an Unpack with its axis put back. */
function windowOf(value: ValueId, context: RuleContext): Window {
  const node = context.producer(value);
  const size = context.shapeOf(value);
  if (node?.kernel === 'Slice') {
    const [source] = node.inputs;
    return { source, ...boxOf(node.attrs, context.shapeOf(source)) };
  }
  const unpack = node?.kernel === 'Reshape' ? context.producer(node.inputs[0], 'Unpack') : undefined;
  if (node !== undefined && unpack !== undefined) {
    const [source] = unpack.inputs;
    const shape = context.shapeOf(source);
    const given = unpack.attrs['axis'] as number | undefined;
    const axis = (given ?? 0) < 0 ? (given ?? 0) + shape.length : (given ?? 0);
    const one = shape.map((n, i) => (i === axis ? 1 : n));
    const k = node.inputs[0] - unpack.outputs[0];
    if (sameShape(one, size)) return { source, size, begin: shape.map((_, i) => (i === axis ? k : 0)) };
  }
  return { source: value, begin: size.map(() => 0), size };
}

/** The window of two neighbours along the axis, if they are that. */
function together(a: Window, b: Window, axis: number): Window | undefined {
  if (a.source !== b.source) return undefined;
  const fits = a.begin.every((begin, i) =>
    i === axis ? begin + a.size[i] === b.begin[i] : begin === b.begin[i] && a.size[i] === b.size[i],
  );
  if (!fits) return undefined;
  return { ...a, size: a.size.map((n, i) => (i === axis ? n + b.size[i] : n)) };
}

function rewriteJoin(
  node: GraphNode,
  operands: readonly ValueId[],
  rewriter: Rewriter,
  context: RuleContext,
): ValueId | undefined {
  const graph = rewriter.source;
  const type = graph.values[node.outputs[0]];
  const axis = axisOf(graph, node);
  const windows: { window: Window; value: ValueId | undefined }[] = [];
  for (const operand of operands) {
    const value = rewriter.resolve(operand);
    const window = windowOf(value, context);
    const last = windows.at(-1);
    const both = last && together(last.window, window, axis);
    if (both === undefined) windows.push({ window, value });
    else windows[windows.length - 1] = { window: both, value: undefined };
  }
  if (windows.length === node.inputs.length) return undefined;
  const parts = windows.map(({ window: { source, begin, size }, value }) => {
    if (value !== undefined) return value;
    if (sameShape(context.shapeOf(source), size)) return source;
    const { dtype } = context.typeOf(source);
    return context.emit('Slice', [source], { begin, size }, { shape: size, dtype }, node.label);
  });
  if (parts.length === 1 && context.typeOf(parts[0]).dtype === type.dtype) return parts[0];
  return context.emit('Concat', parts, { axis }, type, node.label);
}

export const joins: Pass = {
  name: 'joins',
  run(graph) {
    const roots = collectJoins(graph);
    if (roots.size === 0) return graph;
    const rewriter = new Rewriter(graph);
    const context = new RuleContext(rewriter);
    for (const node of graph.nodes) {
      const operands = roots.get(node);
      const value = operands === undefined ? undefined : rewriteJoin(node, operands, rewriter, context);
      if (value === undefined) rewriter.copy(node);
      else rewriter.replace(node.outputs[0], value);
    }
    return rewriter.finishIfChanged();
  },
};
