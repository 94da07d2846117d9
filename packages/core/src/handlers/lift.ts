/** `lift`: turns parameters into random variables. */
import type { Distribution } from '@pyro-ts/distributions';
import { isDistribution } from '@pyro-ts/distributions';
import type { Message, ParamMessage, SampleMessage } from '../messages/message';
import type { Model } from '../model';
import { withHandler } from '../stack/handler';
import { refuseUnknown } from './data';

export type Prior = Distribution | ((message: ParamMessage) => Distribution | undefined);

export interface LiftOptions {
  /** One prior for all parameters, priors by name, or a function of the parameter. */
  readonly prior: Prior | Readonly<Record<string, Distribution>>;
  /** Names in `prior` that the model does not have are an error unless this is set. */
  readonly allowUnknown?: boolean | undefined;
}

/**
 * A parameter with a prior becomes a sample site of that name, one variable shared by all elements of the plates around.
 * @throws {UnknownSiteError} after a run that had no parameter of a given name
 */
export function lift<Args extends unknown[], R>(
  model: Model<Args, R>,
  { prior, allowUnknown = false }: LiftOptions,
): Model<Args, R> {
  const byName = typeof prior === 'function' || isDistribution(prior) ? undefined : prior;
  const names = allowUnknown ? [] : Object.keys(byName ?? {});
  const priorOf = (message: ParamMessage): Distribution | undefined => {
    if (isDistribution(prior)) return prior;
    return typeof prior === 'function' ? prior(message) : byName?.[message.name];
  };
  return withHandler(model, () => {
    const met = new Set<string>();
    return {
      process(message: Message) {
        if (message.kind !== 'param') return;
        met.add(message.name);
        const fn = priorOf(message);
        return fn === undefined ? undefined : asSample(message, fn);
      },
      exit: () => refuseUnknown('lift', names, met),
    };
  });
}

function asSample({ name, value, infer, key, stop }: ParamMessage, fn: Distribution): SampleMessage {
  return {
    kind: 'sample',
    name,
    fn,
    value,
    isObserved: false,
    scale: 1,
    mask: true,
    condIndepStack: [],
    infer,
    key,
    stop,
  };
}
