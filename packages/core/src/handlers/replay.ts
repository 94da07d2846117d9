/** `replay`: runs a model with the choices of an earlier run, such as the guide's. */
import { describeValue, checkOptions } from '@pyro-ts/ops';
import { HandlerError } from '../errors';
import { produce } from '../messages/produce';
import type { Model } from '../model';
import { withHandler } from '../stack/handler';
import { isTrace, type Trace } from '../trace/trace';

export interface ReplayOptions {
  readonly trace: Trace;
}

/**
 * Latent sites, parameters and subsamples that are in the trace take its values; the others are drawn as usual.
 * @throws {HandlerError} if a latent site is an observation in the trace
 */
export function replay<Args extends unknown[], R>(
  model: Model<Args, R>,
  options: ReplayOptions,
): Model<Args, R> {
  const { trace } = checkOptions('handlers.replay', options, { trace: 'required' });
  if (!isTrace(trace)) throw notATrace(trace);
  return withHandler(model, () => ({
    process(message) {
      if (message.kind !== 'sample' && message.kind !== 'param' && message.kind !== 'plate') return;
      const site = trace.sites.get(message.name);
      if (site?.kind !== message.kind) return;
      if (message.kind === 'sample' && message.isObserved) return;
      if (site.kind === 'sample' && site.isObserved) throw observed(message.name);
      const { value } = site;
      return value === undefined
        ? undefined
        : produce(message, (draft) => {
            draft.value = value;
          });
    },
  }));
}

function notATrace(given: unknown): HandlerError {
  return new HandlerError({
    problem: `replay: trace must be a Trace; it is ${describeValue(given)}`,
    fix: 'record one: handlers.trace(model).getTrace(...args).',
  });
}

function observed(site: string): HandlerError {
  return new HandlerError({
    site,
    problem: 'replay: the site is latent in the model, but an observation in the trace',
    fix: 'observe it in the model too: handlers.condition(model, {data: trace}).',
  });
}
