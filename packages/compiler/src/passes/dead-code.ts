/** Drops nodes and constants that no output depends on. Inputs stay: they are the program's signature. */
import type { ValueId } from '../graph/graph';
import { Rewriter } from '../graph/rewriter';
import type { Pass } from './pass';

export const deadCode: Pass = {
  name: 'dead-code',
  run(graph) {
    const live = new Set<ValueId>(graph.outputs);
    for (let i = graph.nodes.length - 1; i >= 0; i--) {
      const node = graph.nodes[i];
      if (node.outputs.some((output) => live.has(output))) node.inputs.forEach((input) => live.add(input));
    }
    const rewriter = new Rewriter(graph);
    for (const node of graph.nodes) if (node.outputs.some((output) => live.has(output))) rewriter.copy(node);
    return rewriter.finish();
  },
};
