/** How much of a loop is written out. Measured on the benchmark models. */

/** Vectors that a turn of the loop computes, by the number of nodes in it: latency hides behind other vectors. */
export const unrollOf = (nodes: number): number => (nodes <= 64 ? 4 : nodes <= 128 ? 2 : 1);

/**
 * Partial results of each reduction of a loop. Additions to one result wait for each other: in a short body several
 * results hide that, in a long one the other work does, and results only take registers from it.
 */
export function partialsOf(reductions: number, nodes: number, unroll: number): number {
  const inAll = nodes <= 8 ? 4 : 2;
  return Math.min(Math.max(Math.floor(inAll / Math.max(reductions, 1)), 1), unroll);
}
