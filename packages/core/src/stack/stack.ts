/**
 * The one stack of handlers. It lives under a `Symbol.for` key: copies of this package in one process share it.
 * The array is replaced, never changed, so that restoring it is one assignment.
 */
import { postponeChecks } from '@pyro-ts/distributions';
import { AsyncModelError } from '../errors';
import type { Handler } from './handler';
import { forgetSites, locate } from './provenance';

interface Stack {
  /** Outermost first. */
  handlers: readonly Handler[];
}

const key = Symbol.for('pyro-ts.core.stack');
const shared = globalThis as unknown as Record<symbol, Stack | undefined>;
const stack: Stack = (shared[key] ??= { handlers: [] });

/** The handlers now installed, outermost first. */
export function installedHandlers(): readonly Handler[] {
  return stack.handlers;
}

/** Replaces the whole stack; for handlers that enter and leave between the steps of an iterator. */
export function replaceHandlers(handlers: readonly Handler[]): void {
  stack.handlers = handlers;
}

/**
 * Runs `body` with `handler` as the innermost one. Whatever happens, the stack is afterwards what it was before.
 * @throws {AsyncModelError} if `body` returns a Promise: its remaining sites would meet another stack
 */
export function runWith<R>(handler: Handler, body: () => R): R {
  const outer = stack.handlers;
  if (outer.length === 0) forgetSites();
  stack.handlers = [...outer, handler];
  try {
    const result = located(outer.length === 0 ? () => postponeChecks(body) : body);
    refusePromise(result);
    handler.exit?.();
    return result;
  } finally {
    stack.handlers = outer;
  }
}

function located<R>(body: () => R): R {
  try {
    return body();
  } catch (error) {
    locate(error);
    throw error;
  }
}

function refusePromise(result: unknown): void {
  if (typeof result !== 'object' || result === null || !('then' in result)) return;
  if (typeof result.then !== 'function') return;
  void (result as PromiseLike<unknown>).then(undefined, () => undefined);
  throw new AsyncModelError({
    problem:
      'the model (or the body of a plate) returned a Promise, but handlers see only what runs synchronously.',
    fix: 'make it a plain function: await data before the run and pass it as an argument.',
  });
}
