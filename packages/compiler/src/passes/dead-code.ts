/** Drops nodes and constants that no output depends on. Inputs stay: they are the program's signature. */
import type { GraphNode } from '../graph/graph';
import type { Pass } from './pass';

export const deadCode: Pass = {
  name: 'dead-code',
  run(graph) {
    const live = new Uint8Array(graph.values.length);
    for (const output of graph.outputs) live[output] = 1;
    const kept: GraphNode[] = [];
    for (let i = graph.nodes.length - 1; i >= 0; i--) {
      const node = graph.nodes[i];
      if (!node.outputs.some((output) => live[output] === 1)) continue;
      kept.push(node);
      for (const input of node.inputs) live[input] = 1;
    }
    const constants = new Map([...graph.constants].filter(([value]) => live[value] === 1));
    if (kept.length === graph.nodes.length && constants.size === graph.constants.size) return graph;
    return { ...graph, constants, nodes: kept.reverse() };
  },
};
