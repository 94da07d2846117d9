/** How often each value is used, by nodes and as an output. */
import type { Graph } from '../graph/graph';

export function useCounts(graph: Graph): Uint32Array {
  const counts = new Uint32Array(graph.values.length);
  for (const { inputs } of graph.nodes) for (const input of inputs) counts[input]++;
  for (const output of graph.outputs) counts[output]++;
  return counts;
}
