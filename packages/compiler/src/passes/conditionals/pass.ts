/** Decides what is known: a Cond whose predicate is constant becomes its branch; unused and constant operands go. */
import type { GraphNode } from '../../graph/graph';
import { Rewriter } from '../../graph/rewriter';
import type { Pass } from '../pass';
import { useCounts } from '../uses';
import { rewriteCond } from './cond';
import { rewriteWhile } from './while';

type Rewrite = (node: GraphNode, uses: Uint32Array, rewriter: Rewriter) => boolean;

const rewrites: Readonly<Record<string, Rewrite | undefined>> = { Cond: rewriteCond, While: rewriteWhile };

export const conditionals: Pass = {
  name: 'conditionals',
  run(graph) {
    if (!graph.nodes.some(({ kernel }) => rewrites[kernel] !== undefined)) return graph;
    const uses = useCounts(graph);
    const rewriter = new Rewriter(graph);
    for (const node of graph.nodes)
      if (rewrites[node.kernel]?.(node, uses, rewriter) !== true) rewriter.copy(node);
    return rewriter.finishIfChanged();
  },
};
