/** What a run returns: plain data. */
import type { SiteConvergence } from '@pyro-ts/diagnostics';
import type { NdArray, Shape } from '@pyro-ts/ops';
import type { WarningEvent } from './events';
import type { FieldName } from './record';

export type SiteDraws = Readonly<Record<string, NdArray>>;

/** How a chain was set up after its warm-up. */
export interface AdaptedChain {
  readonly stepSize: number;
  /** [dim] for a diagonal metric and for a low-rank one (the diagonal of it), [dim, dim] otherwise. */
  readonly inverseMassMatrix: NdArray;
  /** Last state in unconstrained space, [dim]. */
  readonly lastPosition: Float64Array;
}

/** Draws, diagnostics and the means to repeat them. Nothing in it is a tensor or a function. */
export interface McmcResult {
  readonly algorithm: string;
  readonly seed: number | string;
  readonly numWarmup: number;
  readonly thinning: number;
  readonly numChains: number;
  /** Draws kept of each chain. */
  readonly numSamples: number;
  /** Latent and deterministic sites, constrained: [chains, draws, ...shape]. */
  readonly samples: SiteDraws;
  /** R-hat, bulk and tail ESS of every scalar of every site, row-major. */
  readonly convergence: Readonly<Record<string, SiteConvergence>>;
  /** [chains, draws] each; `unconstrained` [chains, draws, dim] if asked for. */
  readonly extraFields: Readonly<Record<FieldName, NdArray>> & { readonly unconstrained?: NdArray };
  readonly chains: readonly AdaptedChain[];
  /** Transitions after the warm-up that diverged, in all chains. */
  readonly divergences: number;
  readonly warnings: readonly WarningEvent[];
  /** The run was aborted; the draws made until then are here. */
  readonly interrupted: boolean;
}

/** [chains, draws, ...] → [chains · draws, ...], chain after chain. */
export function flattenChains({ data, shape, dtype }: NdArray): NdArray {
  const merged: Shape = [shape[0] * shape[1], ...shape.slice(2)];
  return { data, shape: merged, dtype };
}
