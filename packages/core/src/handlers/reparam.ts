/** `reparam`: draws sites in another way, without touching the model. */
import { checkOptions } from '@pyro-ts/ops';
import type { SampleMessage } from '../messages/message';
import type { Model } from '../model';
import type { Reparam } from '../reparam/reparam';
import { withHandler } from '../stack/handler';
import { rollCall } from './roll-call';

export interface ReparamOptions {
  /** A reparameterisation by site, or a function that chooses one; undefined leaves the site alone. */
  readonly config: Readonly<Record<string, Reparam>> | ((message: SampleMessage) => Reparam | undefined);
  /** Names in the config that the model does not have are an error unless this is set. */
  readonly allowUnknown?: boolean | undefined;
}

/**
 * Configured latent sites become deterministic functions of auxiliary sites; the joint law stays the same. Observed sites
 * are left alone: their density does not depend on how they would be drawn.
 * @throws {UnknownSiteError} after a run that had no site of a given name
 */
export function reparam<Args extends unknown[], R>(
  model: Model<Args, R>,
  options: ReparamOptions,
): Model<Args, R> {
  const { config, allowUnknown = false } = checkOptions('handlers.reparam', options, {
    config: 'required',
    allowUnknown: 'optional',
  });
  const names = typeof config === 'function' || allowUnknown ? [] : Object.keys(config);
  return withHandler(model, () => {
    const roll = rollCall('reparam', 'sample', names);
    return {
      process(message) {
        roll.meet(message);
        if (message.kind !== 'sample') return;
        if (message.isObserved) return;
        return (typeof config === 'function' ? config(message) : config[message.name])?.apply(message);
      },
      exit: () => roll.close(),
    };
  });
}
