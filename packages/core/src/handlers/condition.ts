/** `condition`: turns sample sites into observations. */
import { checkOptions } from '@pyro-ts/ops';
import type { Message, SampleMessage } from '../messages/message';
import { produce } from '../messages/produce';
import type { Model } from '../model';
import { withHandler } from '../stack/handler';
import { lookUp, namesIn, type SiteValues } from './data';
import { rollCall } from './roll-call';

export interface ConditionOptions {
  /** Values by site, a trace, or a function of the site. */
  readonly data: SiteValues<SampleMessage>;
  /** Names in the data that the model does not have are an error unless this is set. */
  readonly allowUnknown?: boolean | undefined;
}

/**
 * Sites in `data` are observed with the given values; the outermost `condition` decides.
 * @throws {UnknownSiteError} after a run that had no site of a given name
 */
export function condition<Args extends unknown[], R>(
  model: Model<Args, R>,
  options: ConditionOptions,
): Model<Args, R> {
  const { data, allowUnknown = false } = checkOptions('handlers.condition', options, {
    data: 'required',
    allowUnknown: 'optional',
  });
  const names = allowUnknown ? [] : namesIn(data);
  return withHandler(model, () => {
    const roll = rollCall('condition', 'sample', names);
    return {
      process(message: Message) {
        roll.meet(message);
        if (message.kind !== 'sample') return;
        const value = lookUp(data, message);
        if (value === undefined) return;
        return produce(message, (draft) => {
          draft.value = value;
          draft.isObserved = true;
        });
      },
      exit: () => roll.close(),
    };
  });
}
