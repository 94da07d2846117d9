/** What a run and its workers tell each other. Everything is plain data. */
import type { PortableDensity } from '../../log-density/program-density';
import type { ChainSnapshot } from '../chain';
import type { ProgressEvent } from '../events';
import type { ChainJob } from '../job';
import type { DrawChunk } from '../record';
import type { SamplerSpec } from '../sampler-spec';

export interface RunMessage {
  readonly type: 'run';
  readonly job: ChainJob;
  readonly density: PortableDensity;
  readonly spec: SamplerSpec;
  /** Seconds between two snapshots in slices; none if undefined. */
  readonly snapshotEvery: number | undefined;
}

/** `stop`: the chain ends at the end of its slice, and says so. */
export type ToWorker = RunMessage | { readonly type: 'stop' };

/** The end of a slice of time. */
export interface SliceMessage {
  readonly type: 'slice';
  readonly progress: ProgressEvent;
  /** Draws since the last slice. */
  readonly draws: DrawChunk;
  readonly snapshot: ChainSnapshot | undefined;
}

export interface ErrorData {
  readonly name: string;
  readonly message: string;
}

export type FromWorker =
  | { readonly type: 'started' }
  | SliceMessage
  | { readonly type: 'ended' }
  | { readonly type: 'failed'; readonly error: ErrorData };
