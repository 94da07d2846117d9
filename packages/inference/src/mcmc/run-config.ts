/** A run with everything decided; see `McmcOptions`. */
import type { CheckpointOptions } from './checkpoint/store';
import type { McmcListener, WarningEvent } from './events';
import type { Crew } from './parallel/crew';

export type ChainMethod = 'parallel' | 'sequential';

export interface GivenRun {
  readonly numWarmup: number;
  readonly numSamples: number;
  readonly numChains: number;
  readonly thinning: number;
  /** Undefined: that of the checkpoint, or one from the default generator. */
  readonly seed: number | string | undefined;
  /** Undefined: whichever is faster. */
  readonly chainMethod: ChainMethod | undefined;
  readonly numWorkers: number;
  readonly crew: Crew;
  readonly checkpoint: CheckpointOptions | undefined;
  readonly handleSigint: boolean;
  readonly signal: AbortSignal | undefined;
  readonly keepUnconstrained: boolean;
  /** Warnings from before the run. */
  readonly notes: readonly WarningEvent[];
  readonly emit: McmcListener;
}

export interface RunConfig extends GivenRun {
  readonly seed: number | string;
  readonly signal: AbortSignal;
}
