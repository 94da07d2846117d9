/**
 * Takes chains of additions as one sum of many terms. Terms that place small values into zeros are merged, so that
 * the gradient of a loop over slices costs what the slices hold.
 */
import type { Graph, GraphNode, ValueId } from '../graph/graph';
import { Rewriter } from '../graph/rewriter';
import type { Pass } from './pass';
import { mergeBoxes } from './placements/boxes';
import { gathersAreSparse, mergeGathers } from './placements/gathers';
import { placementOf, type BoxPlacement, type GatherPlacement, type Placement } from './placements/placement';
import { RuleContext, sameShape } from './rules/rule';
import { useCounts } from './uses';

/** Additions that broadcast nothing and convert nothing. */
function isSum(graph: Graph, node: GraphNode): boolean {
  if (node.kernel !== 'Add' && node.kernel !== 'AddN') return false;
  const type = graph.values[node.outputs[0]];
  return node.inputs.every((input) => {
    const { shape, dtype } = graph.values[input];
    return dtype === type.dtype && sameShape(shape, type.shape);
  });
}

/** The terms of each sum, from left to right; sums that are only a part of another one are left out. */
function collectSums(graph: Graph): Map<GraphNode, readonly ValueId[]> {
  const uses = useCounts(graph);
  const sums = new Map<ValueId, GraphNode>();
  for (const node of graph.nodes) if (isSum(graph, node)) sums.set(node.outputs[0], node);
  const parts = new Set<ValueId>();
  for (const node of sums.values())
    for (const input of node.inputs) if (sums.has(input) && uses[input] === 1) parts.add(input);
  const roots = new Map<GraphNode, readonly ValueId[]>();
  for (const [output, node] of sums) {
    if (parts.has(output)) continue;
    const terms: ValueId[] = [];
    const stack = [...node.inputs].reverse();
    for (let term = stack.pop(); term !== undefined; term = stack.pop()) {
      const part = parts.has(term) ? sums.get(term) : undefined;
      if (part === undefined) terms.push(term);
      else for (let i = part.inputs.length - 1; i >= 0; i--) stack.push(part.inputs[i]);
    }
    roots.set(node, terms);
  }
  return roots;
}

/** Placements that can be merged: boxes in one shape, gathers along one axis of one shape. */
function groupKey(placement: Placement): string {
  const axis = placement.kind === 'gather' ? placement.axis : '';
  return `${placement.kind}${axis}[${placement.shape.join()}]`;
}

function merged(
  group: readonly Placement[],
  type: { shape: readonly number[]; dtype: 'float' | 'int' | 'bool' },
  context: RuleContext,
): ValueId[] | undefined {
  const whole = { shape: group[0].shape, dtype: type.dtype };
  if (group[0].kind === 'box') return mergeBoxes(group as readonly BoxPlacement[], whole, context);
  const gathers = group as readonly GatherPlacement[];
  return gathersAreSparse(gathers, context) ? [mergeGathers(gathers, whole, context)] : undefined;
}

/** The sum with its placements merged; undefined if there are none to merge. */
function rewriteSum(
  node: GraphNode,
  terms: readonly ValueId[],
  rewriter: Rewriter,
  context: RuleContext,
): ValueId | undefined {
  const type = rewriter.source.values[node.outputs[0]];
  const groups = new Map<string, { placement: Placement; term: ValueId }[]>();
  const resolved = terms.map((term) => rewriter.resolve(term));
  for (const term of resolved) {
    const placement = placementOf(term, context);
    if (placement === undefined) continue;
    const key = groupKey(placement);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [{ placement, term }]);
    else group.push({ placement, term });
  }
  const results: ValueId[] = [];
  const gone = new Set<ValueId>();
  for (const group of groups.values()) {
    if (group.length < 2) continue;
    const values = merged(
      group.map(({ placement }) => placement),
      type,
      context,
    );
    if (values === undefined || values.length === group.length) continue;
    group.forEach(({ term }) => gone.add(term));
    results.push(...values.map((value) => context.reshape(value, type.shape)));
  }
  if (results.length === 0) return undefined;
  return [...resolved.filter((term) => !gone.has(term)), ...results].reduce((sum, value) =>
    context.emit('Add', [sum, value], {}, type, node.label),
  );
}

export const sums: Pass = {
  name: 'sums',
  run(graph) {
    if (!graph.nodes.some(({ kernel }) => kernel === 'PadV2' || kernel === 'GatherV2Grad')) return graph;
    const roots = collectSums(graph);
    const rewriter = new Rewriter(graph);
    const context = new RuleContext(rewriter);
    for (const node of graph.nodes) {
      const terms = roots.get(node);
      const value = terms === undefined ? undefined : rewriteSum(node, terms, rewriter, context);
      if (value === undefined) rewriter.copy(node);
      else rewriter.replace(node.outputs[0], value);
    }
    return rewriter.finishIfChanged();
  },
};
