/** What a run and its workers tell each other. Everything is plain data. */
import type { SiteConvergence, SiteDraws } from '@pyro-ts/diagnostics';
import type { PortableDensity } from '../../log-density/program-density';
import type { NamedCode } from '../../wasm/sampler-module';
import type { ChainSnapshot } from '../chain';
import type { ProgressEvent } from '../events';
import type { ChainJob } from '../job';
import type { DrawChunk } from '../record';
import type { SamplerSpec } from '../sampler-spec';

export interface RunMessage {
  readonly type: 'run';
  /** Of this message among those to one worker. */
  readonly id: number;
  readonly jobs: readonly ChainJob[];
  /** How many of the jobs are taken, in memory that threads share; undefined: all of them are this worker's. */
  readonly taken: Int32Array | undefined;
  readonly density: PortableDensity;
  readonly spec: SamplerSpec;
  /** Of the samplers: the worker need not write them, and shares what the engine has made of them. */
  readonly codes: readonly NamedCode[];
  /** Seconds between two snapshots in slices; none if undefined. */
  readonly snapshotEvery: number | undefined;
}

/** `stop`: the chain ends at the end of its slice, and says so; no other begins. */
export type ToWorker = RunMessage | JudgeMessage | { readonly type: 'stop' };

/** Asks for R-hat and ESS. */
export interface JudgeMessage {
  readonly type: 'judge';
  readonly id: number;
  readonly sites: Readonly<Record<string, SiteDraws>>;
}

/** The end of a slice of time. */
export interface SliceMessage {
  readonly type: 'slice';
  readonly chain: number;
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
  | { readonly type: 'started'; readonly chain: number }
  | SliceMessage
  | { readonly type: 'ended'; readonly chain: number }
  | { readonly type: 'failed'; readonly chain: number; readonly error: ErrorData }
  /** There are no jobs of that message left. */
  | { readonly type: 'free'; readonly id: number }
  | {
      readonly type: 'judged';
      readonly id: number;
      readonly convergence: Readonly<Record<string, SiteConvergence>>;
    };
