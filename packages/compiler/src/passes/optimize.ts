/** The pipeline that every graph goes through before an executor sees it. */
import type { Graph, GraphNode } from '../graph/graph';
import { commonSubexpressions } from './common-subexpressions';
import { constantFolding } from './constant-folding';
import { deadCode } from './dead-code';
import type { Pass } from './pass';
import { joins } from './joins';
import { products } from './products';
import { simplify } from './simplify';
import { sums } from './sums';

/** In order; the group runs again until the graph stops shrinking. */
export const passes: readonly Pass[] = [
  deadCode,
  simplify,
  products,
  joins,
  sums,
  constantFolding,
  commonSubexpressions,
  deadCode,
];

/** A rewrite can open another; chains longer than this have not been seen. */
const mostRounds = 8;

export interface OptimizeOptions {
  /** Called with the graph after every pass. Tests verify it there. */
  readonly afterPass?: (name: string, graph: Graph) => void;
}

function optimizeBodies(node: GraphNode, options: OptimizeOptions): GraphNode {
  if (node.subgraphs === undefined) return node;
  const bodies = Object.entries(node.subgraphs).map(
    ([name, body]) => [name, optimize(body, options)] as const,
  );
  return { ...node, subgraphs: Object.fromEntries(bodies) };
}

export function optimize(graph: Graph, options: OptimizeOptions = {}): Graph {
  let current: Graph = { ...graph, nodes: graph.nodes.map((node) => optimizeBodies(node, options)) };
  for (let round = 0; round < mostRounds; round++) {
    const before = current;
    for (const pass of passes) {
      current = pass.run(current);
      options.afterPass?.(pass.name, current);
    }
    if (current === before || (round > 0 && current.nodes.length === before.nodes.length)) break;
  }
  return current;
}
