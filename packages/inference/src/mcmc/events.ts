/** What a run tells while it goes on. */
import type { Phase } from './kernel';

/** Sent now and then, and at the end of each phase. */
export interface ProgressEvent {
  readonly type: 'progress';
  readonly chain: number;
  readonly phase: Phase;
  /** Transitions made in this phase, of `total`. */
  readonly done: number;
  readonly total: number;
  readonly stepSize: number;
  /** Mean over the phase so far. */
  readonly acceptProb: number;
  /** Gradients of the last transition. */
  readonly numSteps: number;
  /** In this phase so far. */
  readonly divergences: number;
  /** Until the chain is done, if it goes on at the speed of this phase. */
  readonly secondsLeft: number;
}

/** Something about the draws that should not be overlooked. */
export interface WarningEvent {
  readonly type: 'warning';
  readonly kind:
    | 'divergences'
    | 'treeDepth'
    | 'energy'
    | 'rhat'
    | 'ess'
    | 'stuck'
    | 'interrupted'
    | 'notCompiled'
    | 'enumerated'
    | 'notParallel'
    | 'chainLost'
    | 'checkpoint';
  /** One sentence with numbers, then what to do. */
  readonly message: string;
}

export type McmcEvent =
  | { readonly type: 'start'; readonly numChains: number; readonly seed: number | string }
  | ProgressEvent
  | {
      readonly type: 'chainEnd';
      readonly chain: number;
      readonly draws: number;
      readonly divergences: number;
    }
  | WarningEvent
  | { readonly type: 'end'; readonly draws: number };

export type McmcListener = (event: McmcEvent) => void;
