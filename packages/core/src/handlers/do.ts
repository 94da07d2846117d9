/** `do`: an intervention (Pearl, "Causality", 2009): sets what the rest of the model sees, not what the site draws. */
import { checkOptions } from '@pyro-ts/ops';
import type { SampleMessage } from '../messages/message';
import { produce } from '../messages/produce';
import type { Model } from '../model';
import { withHandler } from '../stack/handler';
import { lookUp, namesIn, type SiteValues } from './data';
import { rollCall } from './roll-call';

export interface DoOptions {
  /** Values by site, a trace, or a function of the site. */
  readonly data: SiteValues<SampleMessage>;
  /** Names in the data that the model does not have are an error unless this is set. */
  readonly allowUnknown?: boolean | undefined;
}

/**
 * Splits each site in `data`: handlers further out meet the site as it was, with its own draw and density; what follows
 * in the model (and handlers further in, as `${name}__CF`) gets the intervention.
 */
export function doIntervention<Args extends unknown[], R>(
  model: Model<Args, R>,
  options: DoOptions,
): Model<Args, R> {
  const { data, allowUnknown = false } = checkOptions('handlers.do', options, {
    data: 'required',
    allowUnknown: 'optional',
  });
  const names = allowUnknown ? [] : namesIn(data);
  return withHandler(model, () => {
    const roll = rollCall('do', 'sample', names);
    return {
      postprocess(message) {
        roll.meet(message);
        if (message.kind !== 'sample') return;
        const value = lookUp(data, message);
        if (value === undefined) return;
        return produce(message, (draft) => {
          draft.name = `${message.name}__CF`;
          draft.value = value;
          draft.isObserved = true;
        });
      },
      exit: () => roll.close(),
    };
  });
}
