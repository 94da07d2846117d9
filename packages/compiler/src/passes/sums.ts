/**
 * Takes chains of additions as one sum of many terms. Terms that place small values into zeros are merged, so that
 * the gradient of a loop over slices costs what the slices hold.
 */
import type { GraphNode, ValueId } from '../graph/graph';
import { Rewriter } from '../graph/rewriter';
import type { Pass } from './pass';
import { mergeBoxes } from './placements/boxes';
import { gathersAreSparse, mergeGathers } from './placements/gathers';
import { placementOf, type BoxPlacement, type GatherPlacement, type Placement } from './placements/placement';
import { RuleContext } from './rules/rule';
import { isSum, SumTerms, type Term } from './sum-terms';

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
  terms: readonly Term[],
  rewriter: Rewriter,
  context: RuleContext,
): ValueId | undefined {
  const type = rewriter.source.values[node.outputs[0]];
  const groups = new Map<string, { placement: Placement; term: ValueId }[]>();
  const resolved = terms.map(({ value }) => rewriter.resolve(value));
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
    const sumTerms = new SumTerms(graph, isSum);
    const rewriter = new Rewriter(graph);
    const context = new RuleContext(rewriter);
    for (const node of graph.nodes) {
      const value = sumTerms.isRoot(node)
        ? rewriteSum(node, sumTerms.termsOf(node), rewriter, context)
        : undefined;
      if (value === undefined) rewriter.copy(node);
      else rewriter.replace(node.outputs[0], value);
    }
    return rewriter.finishIfChanged();
  },
};
