/** Makes scans smaller: unused parts go, what is the same in every step leaves the body. */
import type { GraphNode, ValueId } from '../../graph/graph';
import { Rewriter } from '../../graph/rewriter';
import type { Pass } from '../pass';
import { RuleContext } from '../rules/rule';
import { useCounts } from '../uses';
import { fixedCarries, hoistInvariants, sinkConstants } from './invariants';
import { dropUnused, mergeFeeds } from './prune';
import { bodyOf, takeApart, type Slots } from './slots';

/** The sizes of all parts: the steps below only ever make these smaller, or move nodes out. */
function measure({ carries, xs, shared, ys, nodes, constants }: Slots): string {
  const feeds = [carries, xs, shared].map((list) => list.map(({ inner }) => inner).join());
  return [...feeds, ys.length, nodes.length, constants.size].join(';');
}

/** A y that is an input itself: the stack of it is known without running the body. */
function knownOutputs(
  slots: Slots,
  length: number,
  rewriter: Rewriter,
): { slots: Slots; results: ReadonlyMap<ValueId, ValueId> } {
  const results = new Map<ValueId, ValueId>();
  const xs = new Map(slots.xs.map(({ inner, outer }) => [inner, outer]));
  const shared = new Map(slots.shared.map(({ inner, outer }) => [inner, outer]));
  for (const { inner, result } of slots.ys) {
    const stacked = xs.get(inner);
    const repeated = shared.get(inner);
    const { shape, dtype } = slots.values[inner];
    const type = { shape: [length, ...shape], dtype };
    if (stacked !== undefined) results.set(result, stacked);
    else if (repeated !== undefined) {
      const node = { kernel: 'BroadcastTo', inputs: [repeated], attrs: { shape: type.shape } };
      results.set(result, rewriter.addNode(node, [type])[0]);
    }
  }
  return { slots: { ...slots, ys: slots.ys.filter(({ result }) => !results.has(result)) }, results };
}

function rewriteScan(node: GraphNode, uses: Uint32Array, rewriter: Rewriter, context: RuleContext): boolean {
  const body = node.subgraphs?.['body'];
  if (node.kernel !== 'Scan' || body === undefined) return false;
  const { length, reverse } = node.attrs as { length: number; reverse: boolean };
  const given = takeApart(node, body, (value) => rewriter.resolve(value));
  const { slots: moving, finals } = fixedCarries(dropUnused(given, (value) => uses[value] > 0));
  const sunk = sinkConstants(mergeFeeds(moving), context);
  const { slots: rest, results } = knownOutputs(sunk, length, rewriter);
  const slots = dropUnused(
    hoistInvariants(rest, rewriter),
    (value) => uses[value] > 0 && !results.has(value),
  );
  for (const known of [finals, results]) for (const [value, outer] of known) rewriter.replace(value, outer);
  if (measure(slots) === measure(given)) return false;
  const { carries, xs, shared, ys } = slots;
  if (carries.length + ys.length === 0) return true;
  const left = [...carries.map(({ final }) => final), ...ys.map(({ result }) => result)];
  const outputs = rewriter.addNode(
    {
      kernel: 'Scan',
      inputs: [...carries, ...xs, ...shared].map(({ outer }) => outer),
      attrs: { length, numCarries: carries.length, numXs: xs.length, reverse },
      label: node.label,
      subgraphs: { body: bodyOf(slots) },
    },
    left.map((value) => rewriter.source.values[value]),
  );
  left.forEach((value, i) => rewriter.replace(value, outputs[i]));
  return true;
}

export const scans: Pass = {
  name: 'scans',
  run(graph) {
    if (!graph.nodes.some(({ kernel }) => kernel === 'Scan')) return graph;
    const uses = useCounts(graph);
    const rewriter = new Rewriter(graph);
    const context = new RuleContext(rewriter);
    for (const node of graph.nodes) if (!rewriteScan(node, uses, rewriter, context)) rewriter.copy(node);
    return rewriter.finishIfChanged();
  },
};
