/** What a worker does: runs one chain after the other as it is told, and posts what comes of it, slice by slice. */
import { convergenceOfSites } from '@pyro-ts/diagnostics';
import type { HeldLogDensity } from '../../log-density/model-log-density';
import { densityFromParts } from '../../log-density/program-density';
import { nextTurn } from '../../platform/next-turn';
import { keepCode } from '../../wasm/sampler-module';
import { drive } from '../drive';
import { chainOf, type ChainJob } from '../job';
import { Progress } from '../progress';
import { ChainRecord } from '../record';
import { makeSampler } from '../sampler-spec';
import type { FromWorker, RunMessage, ToWorker } from './messages';
import { takeJob } from './queue';

/** A worker without work ends by itself after so many milliseconds. */
const patience = 20_000;

/**
 * @param leave ends the worker
 * @returns what to do with each message that comes
 */
export function answering(
  post: (message: FromWorker) => void,
  leave: () => void,
): (message: ToWorker) => void {
  let stopped = false;
  let waiting = setTimeout(leave, patience);
  return (message) => {
    if (message.type === 'stop') {
      stopped = true;
      return;
    }
    clearTimeout(waiting);
    if (message.type === 'judge') {
      post({ type: 'judged', id: message.id, convergence: convergenceOfSites(message.sites) });
      waiting = setTimeout(leave, patience);
      return;
    }
    stopped = false;
    void runAll(message, post, () => stopped).then(() => {
      post({ type: 'free', id: message.id });
      waiting = setTimeout(leave, patience);
    });
  };
}

async function runAll(
  message: RunMessage,
  post: (message: FromWorker) => void,
  isStopped: () => boolean,
): Promise<void> {
  const { jobs, taken = new Int32Array(1) } = message;
  let density: HeldLogDensity | undefined;
  message.codes.forEach(keepCode);
  while (!isStopped()) {
    const job = takeJob(jobs, taken);
    if (job === undefined) break;
    const { chain } = job;
    post({ type: 'started', chain });
    try {
      density ??= densityFromParts(message.density);
      await run(job, density, message, post, isStopped);
      post({ type: 'ended', chain });
    } catch (error) {
      const { name, message: text } = error instanceof Error ? error : new Error(String(error));
      post({ type: 'failed', chain, error: { name, message: text } });
    }
    await nextTurn();
  }
  density?.dispose?.();
}

async function run(
  job: ChainJob,
  density: HeldLogDensity,
  { spec, snapshotEvery }: RunMessage,
  post: (message: FromWorker) => void,
  isStopped: () => boolean,
): Promise<void> {
  const { numWarmup, numSamples, thinning, drawn, chain: index } = job;
  const record = new ChainRecord(density.dim, numSamples - drawn, thinning);
  const progress = new Progress(index, { warmup: numWarmup, sample: numSamples * thinning });
  const chain = chainOf(job, density, (phase) => makeSampler(spec, density, phase));
  const slice = { type: 'slice', chain: index } as const;
  let saved = performance.now();
  await drive(chain, record, progress, async (event) => {
    const isDue =
      snapshotEvery !== undefined &&
      (chain.isDone || isStopped() || performance.now() - saved >= snapshotEvery * 1000);
    if (isDue) saved = performance.now();
    const snapshot = isDue ? chain.snapshot() : undefined;
    post({ ...slice, progress: event, draws: record.take(), snapshot });
    await nextTurn();
    if (!isStopped()) return true;
    if (snapshotEvery !== undefined && !isDue)
      post({ ...slice, progress: event, draws: record.take(), snapshot: chain.snapshot() });
    return false;
  });
}
