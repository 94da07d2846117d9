/** What a run says of chains that did not run as wished. */
import { McmcError } from '../errors';
import type { WarningEvent } from './events';
import type { Outcome } from './parallel/thread';
import type { ChainTask } from './tasks';

/** The error that ended a chain in a worker. */
export function errorOf(outcome: Exclude<Outcome, { type: 'ended' }>): Error {
  if (outcome.type === 'lost') return new McmcError(`${outcome.reason}.\n  Fix: run it again.`);
  const { name, message } = outcome.error;
  return name === 'McmcError' ? new McmcError(message) : Object.assign(new Error(message), { name });
}

export function chainLost({ chain, record }: ChainTask, seed: number | string, error: unknown): WarningEvent {
  const [reason] = (error instanceof Error ? error.message : String(error)).split('\n');
  return {
    type: 'warning',
    kind: 'chainLost',
    message:
      `chain ${chain} (seed ${JSON.stringify(seed)}) ended after ${record.length} draws: ${reason.replace(/\.$/, '')}. The other chains go on.\n` +
      '  Fix: run again with the same seed for the whole of it (the other chains will have the same draws).',
  };
}

export function notParallel(isPortable: boolean): WarningEvent {
  return {
    type: 'warning',
    kind: 'notParallel',
    message: isPortable
      ? 'the chains run one after the other: there are no workers here.'
      : 'the chains run one after the other: only a model compiled to WebAssembly can be sent to workers, not a function ' +
        '(a log density of your own, or a model evaluated op by op).\n' +
        "  Fix: leave chainMethod: 'parallel' out, or write the density as a model.",
  };
}

export function notStarted(reason: string): WarningEvent {
  return {
    type: 'warning',
    kind: 'notParallel',
    message:
      `the chains run one after the other: no worker could be started (${reason}).\n` +
      '  Fix: pass createWorker, a function that starts one from the file @pyro-ts/inference/worker.',
  };
}
