/** Drops nodes and constants that no output depends on. Inputs stay: they are the program's signature. */
import { Rewriter } from '../graph/rewriter';
import type { Pass } from './pass';

export const deadCode: Pass = {
  name: 'dead-code',
  run(graph) {
    const live = new Uint8Array(graph.values.length);
    for (const output of graph.outputs) live[output] = 1;
    let dead = 0;
    for (let i = graph.nodes.length - 1; i >= 0; i--) {
      const { inputs, outputs } = graph.nodes[i];
      if (outputs.some((output) => live[output] === 1)) for (const input of inputs) live[input] = 1;
      else dead++;
    }
    for (const value of graph.constants.keys()) if (live[value] === 0) dead++;
    if (dead === 0) return graph;
    const rewriter = new Rewriter(graph);
    for (const node of graph.nodes)
      if (node.outputs.some((output) => live[output] === 1)) rewriter.copy(node);
    return rewriter.finish();
  },
};
