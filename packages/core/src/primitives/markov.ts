/** `markov`: says how far back the sites of a loop or a recursion look, so that enumeration can forget the rest. */
import { checkOptions, describeValue } from '@pyro-ts/ops';
import { HandlerError } from '../errors';
import { MarkovContext } from '../markov/context';
import { installedHandlers, replaceHandlers, runWith } from '../stack/stack';

export interface MarkovOptions {
  /** How many steps back a site may depend on. Default 1; 0: steps are independent. */
  readonly history?: number | undefined;
  /**
   * Whether a step can be depended on after it was left, by a later visit at the same depth: for chains that meet at
   * several places, such as two-dimensional ones. Default false.
   */
  readonly keep?: boolean | undefined;
}

/**
 * - `for (const t of markov(range(T))) …`: step t depends on steps t − history … t − 1 and on what is outside the loop.
 * - `const step = markov((x) => …)`: the same for a function; calls inside calls are steps, calls side by side are
 *   independent of each other.
 *
 * Sites of a step that nobody may depend on any more give their enumeration dims back: a chain of any length needs
 * `history + 2` of them. Source of the idea: Pyro's `markov`.
 * @throws {HandlerError} if the options make no sense
 */
export function markov<Args extends unknown[], R>(
  fn: (...args: Args) => R,
  options?: MarkovOptions,
): (...args: Args) => R;
export function markov<T>(steps: Iterable<T>, options?: MarkovOptions): Iterable<T>;
export function markov(
  target: ((...args: unknown[]) => unknown) | Iterable<unknown>,
  options: MarkovOptions = {},
): unknown {
  const { history = 1, keep = false } = checkOptions('markov', options, {
    history: 'optional',
    keep: 'optional',
  });
  if (!Number.isInteger(history) || history < 0) {
    throw new HandlerError({
      problem: `markov: history must be a whole number of steps; it is ${describeValue(history)}`,
      fix: 'pass 1 for a first-order chain, 2 for a second-order one, 0 for independent steps.',
    });
  }
  const context = new MarkovContext(history, keep);
  if (typeof target === 'function') return markovFunction(target, context);
  if (typeof target === 'object' && target !== null && Symbol.iterator in target) {
    return { [Symbol.iterator]: () => markovSteps(target, context) };
  }
  throw new HandlerError({
    problem: `markov: the first argument must be a function or something to loop over; it is ${describeValue(target)}`,
    fix: 'write for (const t of markov(range(T))), or markov((…) => …).',
  });
}

function markovFunction(
  fn: (...args: unknown[]) => unknown,
  context: MarkovContext,
): (...args: unknown[]) => unknown {
  return (...args) => {
    const isInside = context.isEntered;
    context.enter();
    try {
      return isInside ? fn(...args) : runWith(context.handler, () => fn(...args));
    } finally {
      context.leave();
    }
  };
}

function* markovSteps(steps: Iterable<unknown>, context: MarkovContext): Generator<unknown, void, undefined> {
  const before = installedHandlers();
  const isInside = context.isEntered;
  let entered = 0;
  try {
    for (const step of steps) {
      if (entered === 0 && !isInside) replaceHandlers([...installedHandlers(), context.handler]);
      context.enter();
      entered++;
      yield step;
    }
  } finally {
    for (; entered > 0; entered--) context.leave();
    replaceHandlers(before);
  }
}

/** Whole numbers: `range(3)` is [0, 1, 2]; `range(1, 4)` is [1, 2, 3]. */
export function range(startOrStop: number, stop?: number, step = 1): number[] {
  const [from, to] = stop === undefined ? [0, startOrStop] : [startOrStop, stop];
  return Array.from({ length: Math.max(0, Math.ceil((to - from) / step)) }, (_, i) => from + i * step);
}
