/** Drops nodes and constants that no output depends on. Inputs stay: they are the program's signature. */
import type { GraphNode } from '../graph/graph';
import { isAnyMarked, mark } from '../graph/marks';
import type { Pass } from './pass';

export const deadCode: Pass = {
  name: 'dead-code',
  run(graph) {
    const live = new Uint8Array(graph.values.length);
    mark(live, graph.outputs);
    const kept: GraphNode[] = [];
    for (let i = graph.nodes.length - 1; i >= 0; i--) {
      const node = graph.nodes[i];
      if (!isAnyMarked(live, node.outputs)) continue;
      kept.push(node);
      mark(live, node.inputs);
    }
    const constants = new Map([...graph.constants].filter(([value]) => live[value] === 1));
    if (kept.length === graph.nodes.length && constants.size === graph.constants.size) return graph;
    return { ...graph, constants, nodes: kept.reverse() };
  },
};
