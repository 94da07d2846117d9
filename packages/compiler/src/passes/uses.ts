/** How often each value is used, by nodes and as an output. */
import type { Graph } from '../graph/graph';

export function useCounts(graph: Graph): Uint32Array {
  const counts = new Uint32Array(graph.values.length);
  const { nodes } = graph;
  for (let i = 0; i < nodes.length; i++) {
    const { inputs } = nodes[i];
    for (let k = 0; k < inputs.length; k++) counts[inputs[k]]++;
  }
  for (const output of graph.outputs) counts[output]++;
  return counts;
}
