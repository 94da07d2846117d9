/** A run that is not performed: it finds out what the handlers around would answer. */
import type { Handler } from './handler';
import { installedHandlers, replaceHandlers } from './stack';

/** Handlers further out than a `block` are told in a rehearsal all the same: they ask, they do not record. */
const unblocked: Handler = {
  throughBlocks: true,
  process: (message) => (message.stop ? { ...message, stop: false } : undefined),
};

/**
 * Runs `body` under the handlers that are installed now, which answer as usual (values, keys, plates, scales), except that
 * those that record (`trace`) are left out: the sites of `body` can be met again afterwards.
 * @param around wraps the run in handlers that lie outside of all others: what has no value there has nobody to give it one
 */
export function rehearse<R>(body: () => R, around: (run: () => R) => () => R): R {
  const installed = installedHandlers();
  const answering = installed.filter((handler) => handler.records !== true);
  const run = (): R => {
    const outside = installedHandlers();
    replaceHandlers([...outside, unblocked, ...answering]);
    try {
      return body();
    } finally {
      replaceHandlers(outside);
    }
  };
  // With an empty stack a run would begin that forgets the one it is part of.
  replaceHandlers(installed.length === 0 ? [] : [unblocked]);
  try {
    return around(run)();
  } finally {
    replaceHandlers(installed);
  }
}
