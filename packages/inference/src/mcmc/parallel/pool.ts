/** Runs chains in a number of workers. */
import type { ChainJob } from '../job';
import type { RunMessage, SliceMessage } from './messages';
import { Thread, type Outcome, type WorkerLike } from './thread';

/** How long a worker may go on with the transition it is in after it was told to stop; then it is ended. */
const graceSeconds = 5;

export interface PoolOptions {
  readonly numWorkers: number;
  readonly createWorker: (() => WorkerLike) | undefined;
  readonly signal: AbortSignal;
  readonly message: (job: ChainJob) => RunMessage;
  readonly onSlice: (job: ChainJob, slice: SliceMessage) => void;
  readonly onEnd: (job: ChainJob, outcome: Outcome) => void;
}

/**
 * Runs every job once, unless the signal comes first. A worker that dies takes its chain with it, and another takes its
 * place for the chains that wait. All workers are gone when the promise resolves.
 * @returns the jobs that no worker could be started for, and why
 */
export async function runInWorkers(
  jobs: readonly ChainJob[],
  options: PoolOptions,
): Promise<{ readonly refused: readonly ChainJob[]; readonly reason: string }> {
  const { signal, createWorker } = options;
  const waiting = [...jobs];
  const refused: ChainJob[] = [];
  let reason = '';
  const threads = new Set<Thread>();
  let grace: ReturnType<typeof setTimeout> | undefined;
  const stop = (): void => {
    for (const thread of threads) thread.stop();
    grace = setTimeout(() => {
      for (const thread of threads) void thread.terminate();
    }, graceSeconds * 1000);
  };
  signal.addEventListener('abort', stop);

  const serve = async (): Promise<void> => {
    let thread: Thread | undefined;
    for (let job = next(); job !== undefined; job = next()) {
      let outcome: Outcome;
      try {
        if (thread?.isAlive !== true) {
          thread = await Thread.start(createWorker);
          threads.add(thread);
        }
        const running: ChainJob = job;
        outcome = await thread.run(options.message(job), (slice) => options.onSlice(running, slice));
      } catch (error) {
        outcome = {
          type: 'lost',
          started: false,
          reason: error instanceof Error ? error.message : String(error),
        };
      }
      if (outcome.type === 'lost' && !outcome.started && !signal.aborted) {
        ({ reason } = outcome);
        refused.push(job, ...waiting.splice(0));
      } else options.onEnd(job, outcome);
    }
    await thread?.terminate();
  };
  const next = (): ChainJob | undefined => (signal.aborted ? undefined : waiting.shift());

  try {
    await Promise.all(Array.from({ length: Math.min(options.numWorkers, jobs.length) }, serve));
  } finally {
    clearTimeout(grace);
    signal.removeEventListener('abort', stop);
  }
  return { refused, reason };
}
