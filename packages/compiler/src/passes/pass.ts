import type { Graph } from '../graph/graph';

/** Graph in, graph out, same meaning. */
export interface Pass {
  readonly name: string;
  /** Not in the first round: it weighs costs, which simplification changes. */
  readonly isLate?: boolean;
  run(graph: Graph): Graph;
}
