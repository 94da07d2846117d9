/** What stops a run: the caller's signal, or Ctrl-C. */
import { nodeProcess } from '../platform/node';

export interface Interruption {
  readonly signal: AbortSignal;
  /** To be called when the run is over. */
  dispose(): void;
}

/**
 * Follows the caller's signal; and, while the run lasts, the first SIGINT stops the run and a second one ends the process,
 * as it would without us. A program that listens for SIGINT itself keeps that to itself.
 */
export function interruption(given: AbortSignal | undefined, handleSigint: boolean): Interruption {
  const controller = new AbortController();
  const abort = (): void => controller.abort();
  if (given?.aborted === true) abort();
  given?.addEventListener('abort', abort);
  const process = handleSigint ? nodeProcess() : undefined;
  const listens = process !== undefined && process.listenerCount('SIGINT') === 0;
  const onSigint = (): void => {
    process?.off('SIGINT', onSigint);
    abort();
  };
  if (listens) process.on('SIGINT', onSigint);
  return {
    signal: controller.signal,
    dispose() {
      given?.removeEventListener('abort', abort);
      if (listens) process.off('SIGINT', onSigint);
    },
  };
}
