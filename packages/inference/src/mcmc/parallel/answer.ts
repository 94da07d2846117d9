/** What a worker does: runs one chain after the other as it is told, and posts what comes of it, slice by slice. */
import { densityFromParts } from '../../log-density/program-density';
import { nextTurn } from '../../platform/next-turn';
import { drive } from '../drive';
import { chainOf } from '../job';
import { Progress } from '../progress';
import { ChainRecord } from '../record';
import { makeSampler } from '../sampler-spec';
import type { FromWorker, RunMessage, ToWorker } from './messages';

/** @returns what to do with each message that comes */
export function answering(post: (message: FromWorker) => void): (message: ToWorker) => void {
  let stopped = false;
  return (message) => {
    if (message.type === 'stop') {
      stopped = true;
      return;
    }
    stopped = false;
    post({ type: 'started' });
    run(message, post, () => stopped).then(
      () => post({ type: 'ended' }),
      (error: unknown) => {
        const { name, message: text } = error instanceof Error ? error : new Error(String(error));
        post({ type: 'failed', error: { name, message: text } });
      },
    );
  };
}

async function run(
  { job, density: parts, spec, snapshotEvery }: RunMessage,
  post: (message: FromWorker) => void,
  isStopped: () => boolean,
): Promise<void> {
  const density = densityFromParts(parts);
  const { numWarmup, numSamples, thinning, drawn } = job;
  const record = new ChainRecord(density.dim, numSamples - drawn, thinning);
  const progress = new Progress(job.chain, { warmup: numWarmup, sample: numSamples * thinning });
  try {
    const chain = chainOf(job, density, (phase) => makeSampler(spec, density, phase));
    let saved = performance.now();
    await drive(chain, record, progress, async (event) => {
      const isDue =
        snapshotEvery !== undefined &&
        (chain.isDone || isStopped() || performance.now() - saved >= snapshotEvery * 1000);
      if (isDue) saved = performance.now();
      const snapshot = isDue ? chain.snapshot() : undefined;
      post({ type: 'slice', progress: event, draws: record.take(), snapshot });
      await nextTurn();
      if (!isStopped()) return true;
      if (snapshotEvery !== undefined && !isDue)
        post({ type: 'slice', progress: event, draws: record.take(), snapshot: chain.snapshot() });
      return false;
    });
  } finally {
    density.dispose?.();
  }
}
