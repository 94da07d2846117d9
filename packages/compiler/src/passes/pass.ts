import type { Graph } from '../graph/graph';

/** Graph in, graph out, same meaning. */
export interface Pass {
  readonly name: string;
  run(graph: Graph): Graph;
}
