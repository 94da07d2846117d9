/**
 * Kernels that hold subgraphs.
 *
 * `Scan {length, numCarries, numXs, reverse}` runs `subgraphs.body` once per slice along the first axis of its xs:
 *   node inputs  [carries…, xs…, shared…]   body inputs  [carries…, x slices…, shared…]
 *   node outputs [final carries…, ys stacked along a new first axis…]   body outputs [carries…, ys…]
 * `Cond {}` runs `subgraphs.then` or `subgraphs.else`: node inputs [predicate, operands…], body inputs [operands…].
 * `While {numCarries, maxIterations?}` runs `subgraphs.body` on the carries while `subgraphs.test` (one bool scalar) holds:
 *   node inputs [carries…, shared…], inputs of both bodies the same, body outputs and node outputs [carries…]. The test
 *   fails after `maxIterations` steps at the latest, if that is given (its gradient needs to know).
 */
export const controlKernels = { Scan: true, Cond: true, While: true } as const;

export type ControlKernel = keyof typeof controlKernels;
