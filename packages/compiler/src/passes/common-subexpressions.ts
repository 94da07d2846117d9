/**
 * Computes equal expressions once. Every kernel is a pure function of its inputs and attributes (random kernels of
 * their key and stream), so the same kernel on the same values is the same value.
 */
import type { NumericArray } from '@pyro-ts/ops';
import type { Graph, GraphNode, ValueId, ValueType } from '../graph/graph';
import { Rewriter } from '../graph/rewriter';
import type { Pass } from './pass';

/** Constants up to this many numbers are merged when equal; larger ones are data and compared by identity. */
const largestMergedConstant = 64;

function constantKey(type: ValueType, data: NumericArray): string {
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return `${type.dtype}[${type.shape.join()}]${bytes.join()}`;
}

function nodeKey(node: GraphNode, inputs: readonly ValueId[]): string {
  return `${node.kernel}(${inputs.join()})${JSON.stringify(node.attrs)}`;
}

/** Old constants → the first equal one. */
function mergedConstants(graph: Graph): Map<ValueId, ValueId> {
  const first = new Map<string | NumericArray, ValueId>();
  const merged = new Map<ValueId, ValueId>();
  for (const [value, data] of graph.constants) {
    const key = data.length > largestMergedConstant ? data : constantKey(graph.values[value], data);
    const known = first.get(key);
    if (known === undefined) first.set(key, value);
    else if (graph.values[known].shape.join() === graph.values[value].shape.join()) merged.set(value, known);
  }
  return merged;
}

export const commonSubexpressions: Pass = {
  name: 'common-subexpressions',
  run(graph) {
    const rewriter = new Rewriter(graph);
    for (const [value, first] of mergedConstants(graph)) rewriter.replace(value, rewriter.resolve(first));
    const seen = new Map<string, readonly ValueId[]>();
    for (const node of graph.nodes) {
      if (node.subgraphs !== undefined) {
        rewriter.copy(node);
        continue;
      }
      const key = nodeKey(
        node,
        node.inputs.map((input) => rewriter.resolve(input)),
      );
      const known = seen.get(key);
      if (known === undefined) seen.set(key, rewriter.copy(node));
      else node.outputs.forEach((output, i) => rewriter.replace(output, known[i]));
    }
    return rewriter.finish();
  },
};
