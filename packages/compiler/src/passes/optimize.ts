/** The pipeline that every graph goes through before an executor sees it. */
import { compact } from '../graph/compact';
import type { Graph, GraphNode } from '../graph/graph';
import { commonSubexpressions } from './common-subexpressions';
import { conditionals } from './conditionals/pass';
import { constantFolding } from './constant-folding';
import { deadCode } from './dead-code';
import { distinct } from './distinct/pass';
import type { Pass } from './pass';
import { joins } from './joins';
import { linearSums } from './linear-sums';
import { logProducts } from './log-products';
import { products } from './products';
import { scans } from './scans/pass';
import { simplify } from './simplify';
import { sums } from './sums';

/** In order; the group runs again until the graph stops shrinking. */
export const passes: readonly Pass[] = [
  deadCode,
  simplify,
  commonSubexpressions,
  deadCode,
  products,
  distinct,
  deadCode,
  logProducts,
  joins,
  linearSums,
  sums,
  constantFolding,
  commonSubexpressions,
  conditionals,
  scans,
  deadCode,
];

/** A rewrite can open another; chains longer than this have not been seen. */
const mostRounds = 8;

export interface OptimizeOptions {
  /** Called with the graph after every pass. Tests verify it there. */
  readonly afterPass?: (name: string, graph: Graph) => void;
}

/** Optimised bodies by what they were: a body that occurs twice stays one, so that equal scans are found equal. */
type Bodies = Map<Graph, Graph>;

function optimizeBodies(graph: Graph, options: OptimizeOptions, bodies: Bodies): Graph {
  if (graph.nodes.every((node) => node.subgraphs === undefined)) return graph;
  let changed = false;
  const optimized = (body: Graph): Graph => {
    const result = bodies.get(body) ?? run(body, options, bodies);
    bodies.set(body, result);
    bodies.set(result, result);
    changed ||= result !== body;
    return result;
  };
  const nodes = graph.nodes.map((node): GraphNode => {
    if (node.subgraphs === undefined) return node;
    const entries = Object.entries(node.subgraphs).map(([name, body]) => [name, optimized(body)] as const);
    return { ...node, subgraphs: Object.fromEntries(entries) };
  });
  return changed ? { ...graph, nodes } : graph;
}

/** A round that only renames values has nothing left to open. */
function hasSameKernels(a: Graph, b: Graph): boolean {
  return a.nodes.length === b.nodes.length && a.nodes.every(({ kernel }, i) => kernel === b.nodes[i].kernel);
}

function run(graph: Graph, options: OptimizeOptions, bodies: Bodies): Graph {
  const optimized = untilQuiet(graph, options, bodies);
  return optimized === graph ? graph : compact(optimized);
}

function untilQuiet(graph: Graph, options: OptimizeOptions, bodies: Bodies): Graph {
  let current = graph;
  /** How many passes in a row have found nothing: after a whole turn of them, none will. */
  let quiet = 0;
  for (let round = 0; round < mostRounds; round++) {
    const inside = optimizeBodies(current, options, bodies);
    if (inside !== current) quiet = 0;
    current = inside;
    const hasBodies = current.nodes.some((node) => node.subgraphs !== undefined);
    // What the passes of a round left behind would cost those of the next. (Bodies are known by what they are.)
    if (round > 0 && !hasBodies) current = compact(current);
    for (const pass of passes) {
      if (round === 0 && pass.isLate === true) {
        quiet = 0;
        continue;
      }
      const next = pass.run(current);
      options.afterPass?.(pass.name, next);
      const onlyRenames = round > 0 && !hasBodies && hasSameKernels(next, current);
      quiet = next === current || onlyRenames ? quiet + 1 : 0;
      current = next;
      if (quiet >= passes.length) return current;
    }
  }
  return current;
}

/** The same function in fewer and cheaper nodes. */
export function optimize(graph: Graph, options: OptimizeOptions = {}): Graph {
  return run(graph, options, new Map());
}
