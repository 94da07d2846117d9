/** How much of a loop is written out. Measured on the benchmark models. */

/** Vectors that a turn of the loop computes, by the number of nodes in it: latency hides behind other vectors. */
export const unrollOf = (nodes: number): number => (nodes <= 64 ? 4 : nodes <= 128 ? 2 : 1);

/** Partial results of all reductions of a loop together: more of them gain nothing, and take registers from the rest. */
const mostPartials = 4;

/** Partial results of each reduction of a loop. */
export const partialsOf = (reductions: number, unroll: number): number =>
  Math.min(Math.max(Math.floor(mostPartials / Math.max(reductions, 1)), 1), unroll);
