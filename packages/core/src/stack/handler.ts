/** What a handler is: a pair of functions on messages, installed while a model runs. */
import { describeValue } from '@pyro-ts/ops';
import { HandlerError } from '../errors';
import type { Message } from '../messages/message';
import type { PlateFrame } from '../messages/frame';
import type { Model } from '../model';
import { runWith } from './stack';

export interface Handler {
  /** On the way out, innermost handler first. Return a changed copy, or nothing to leave the message as it is. */
  process?(message: Message): Message | undefined | void;
  /** On the way back, outermost handler first; the value is there. */
  postprocess?(message: Message): Message | undefined | void;
  /** After the model has returned normally. */
  exit?(): void;
  /** Also sees messages that a handler further in has stopped: `seed` does, so that blocked sites stay reproducible. */
  readonly throughBlocks?: boolean;
  /** It writes down what happens, and changes nothing: `rehearse` leaves it out. */
  readonly records?: boolean;
  /** The plate that this handler stands for. */
  readonly frame?: PlateFrame;
}

/**
 * The model under a handler. `create` is called at the start of every run, so that a handler's state (counters, records)
 * belongs to one run.
 */
export function withHandler<Args extends unknown[], R>(
  model: Model<Args, R>,
  create: () => Handler,
): Model<Args, R> {
  if (typeof model !== 'function') throw notAModel(model);
  return (...args) => runWith(create(), () => model(...args));
}

function notAModel(given: unknown): HandlerError {
  return new HandlerError({
    problem: `a model must be a function; it is ${describeValue(given)}`,
    fix: 'pass the function itself, without calling it; its arguments come with the run.',
  });
}

/**
 * A handler of one's own: `createHandler((options) => ({process, postprocess}))` gives a function
 * `(model, options) => model` like those of `handlers`.
 */
export function createHandler<Options = undefined>(
  create: (options: Options) => Handler,
): <Args extends unknown[], R>(
  model: Model<Args, R>,
  ...options: undefined extends Options ? [options?: Options] : [options: Options]
) => Model<Args, R> {
  return (model, ...options) => withHandler(model, () => create(options[0] as Options));
}
