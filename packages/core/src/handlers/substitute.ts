/** `substitute`: gives latent sites and parameters their values; the sites stay what they are. */
import { checkOptions } from '@pyro-ts/ops';
import type { ParamMessage, PlateMessage, SampleMessage } from '../messages/message';
import { produce } from '../messages/produce';
import type { Model } from '../model';
import { withHandler } from '../stack/handler';
import { lookUp, type SiteValues } from './data';

export interface SubstituteOptions {
  /** Values by name: sample sites, parameters (constrained space), subsample indices of plates. */
  readonly data: SiteValues<SampleMessage | ParamMessage | PlateMessage>;
}

/** Observed sites keep their observations; deterministic sites are computed anew. Names the model lacks are ignored. */
export function substitute<Args extends unknown[], R>(
  model: Model<Args, R>,
  options: SubstituteOptions,
): Model<Args, R> {
  const { data } = checkOptions('handlers.substitute', options, { data: 'required' });
  return withHandler(model, () => ({
    process(message) {
      if (message.kind !== 'sample' && message.kind !== 'param' && message.kind !== 'plate') return;
      if (message.kind === 'sample' && message.isObserved) return;
      const value = lookUp(data, message);
      if (value === undefined) return;
      return produce(message, (draft) => {
        draft.value = value;
      });
    },
  }));
}
