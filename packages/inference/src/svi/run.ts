/** The loop of `svi.run`: progress, interruption, and what to do when a loss is not finite. */
import { defaultGenerator, toNdArray, type RandomKey } from '@pyro-ts/ops';
import { NonFiniteLossError } from '../errors';
import type { ParamValues } from './params';
import type { SviState } from './state';
import type { Steps } from './steps';

export interface SviProgress {
  /** Steps taken in this run. */
  readonly step: number;
  readonly steps: number;
  /** −ELBO estimate of the last step, nats. */
  readonly loss: number;
  /** Mean over the steps since the last event. */
  readonly averageLoss: number;
  readonly elapsedSeconds: number;
}

export interface SviRunOptions {
  readonly steps: number;
  /** Default: from the default generator (`setRngSeed`). Ignored if a state is given. */
  readonly seed?: number | string;
  /** Goes on from this state. */
  readonly state?: SviState;
  /** Ends the run after the step in progress; the result holds what has been done. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: SviProgress) => void;
  /** Steps between progress events; default a twentieth of the run. */
  readonly progressEvery?: number;
  /** A loss or parameter that is not finite: end the run with an error (default), or leave that step out and go on. */
  readonly nonFinite?: 'throw' | 'skip';
}

export interface SviRunResult {
  /** Constrained space. */
  readonly params: ParamValues;
  readonly state: SviState;
  /** −ELBO estimates, one a step, nats. */
  readonly losses: Float64Array;
  /** Gives the same run again; undefined if it went on from a state. */
  readonly seed: number | string | undefined;
  /** Whether the signal ended it early. */
  readonly interrupted: boolean;
  /** What is worth knowing: that steps were not compiled, and why; that steps were left out. */
  readonly notes: readonly string[];
}

interface Run {
  readonly init: (seed: number | string) => SviState;
  readonly begin: (state: SviState) => Steps;
  readonly getParams: (state: SviState) => ParamValues;
  readonly explain: (state: SviState) => string;
  readonly notes: readonly string[];
}

/** How long to keep the thread before letting timers and signals in, ms. */
const sliceMs = 50;

const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));

const drawSeed = (): string => {
  const { key, stream }: RandomKey = defaultGenerator.next();
  const words = Array.from(toNdArray(key).data);
  return [...words, ...stream].map((word) => (word >>> 0).toString(16)).join('-');
};

const mean = (values: Float64Array): number => values.reduce((a, b) => a + b, 0) / values.length;

export async function runSvi(svi: Run, options: SviRunOptions): Promise<SviRunResult> {
  const { steps, signal, onProgress, nonFinite = 'throw' } = options;
  const every = options.progressEvery ?? Math.max(1, Math.floor(steps / 20));
  const seed = options.state === undefined ? (options.seed ?? drawSeed()) : undefined;
  const start = options.state ?? svi.init(seed as number | string);
  const losses = new Float64Array(steps);
  const startTime = Date.now();
  let sliceEnd = startTime + sliceMs;
  let taken = 0;
  let reported = 0;
  let skipped = 0;
  const run = steps > 0 ? svi.begin(start) : undefined;
  try {
    for (; run !== undefined && taken < steps && signal?.aborted !== true; taken++) {
      losses[taken] = run.attempt();
      if (run.isFinite) run.accept();
      else if (nonFinite === 'skip') {
        skipped++;
        run.skip();
      } else {
        const { state } = run;
        throw new NonFiniteLossError(
          state.step,
          losses[taken],
          svi.explain(state),
          state,
          losses.slice(0, taken),
        );
      }
      const done = taken + 1;
      if (onProgress !== undefined && (done % every === 0 || done === steps)) {
        const averageLoss = mean(losses.subarray(reported, done));
        reported = done;
        onProgress({
          step: done,
          steps,
          loss: losses[taken],
          averageLoss,
          elapsedSeconds: (Date.now() - startTime) / 1000,
        });
        // The listener may have taken steps of its own.
        run.enter();
      }
      if (Date.now() >= sliceEnd) {
        await pause();
        run.enter();
        sliceEnd = Date.now() + sliceMs;
      }
    }
  } finally {
    run?.leave();
  }
  const state = run?.state ?? start;
  return {
    params: svi.getParams(state),
    state,
    losses: losses.slice(0, taken),
    seed,
    interrupted: taken < steps,
    notes: [
      ...svi.notes,
      ...(skipped > 0 ? [`${skipped} of ${taken} steps were not finite and left out.`] : []),
    ],
  };
}
