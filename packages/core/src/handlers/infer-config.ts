/** `inferConfig`: adds instructions to inference, site by site. */
import { checkOptions } from '@pyro-ts/ops';
import type { Infer, ParamMessage, SampleMessage } from '../messages/message';
import { produce } from '../messages/produce';
import type { Model } from '../model';
import { withHandler } from '../stack/handler';

export interface InferConfigOptions {
  /** What to add to the site's `infer`. */
  readonly configFn: (message: SampleMessage | ParamMessage) => Infer | undefined;
}

export function inferConfig<Args extends unknown[], R>(
  model: Model<Args, R>,
  options: InferConfigOptions,
): Model<Args, R> {
  const { configFn } = checkOptions('handlers.inferConfig', options, { configFn: 'required' });
  return withHandler(model, () => ({
    process(message) {
      if (message.kind !== 'sample' && message.kind !== 'param') return;
      return produce(message, (draft) => {
        draft.infer = { ...message.infer, ...configFn(message) };
      });
    },
  }));
}
