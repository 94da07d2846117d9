/** `uncondition`: makes observed sites latent again, as for drawing new data. */
import { produce } from '../messages/produce';
import type { Model } from '../model';
import { withHandler } from '../stack/handler';

/** Observations are forgotten; `infer.wasObserved` and `infer.obs` remember them. */
export function uncondition<Args extends unknown[], R>(model: Model<Args, R>): Model<Args, R> {
  return withHandler(model, () => ({
    process(message) {
      if (message.kind !== 'sample' || !message.isObserved) return;
      return produce(message, (draft) => {
        draft.infer = { ...message.infer, wasObserved: true, obs: message.value };
        draft.value = undefined;
        draft.isObserved = false;
      });
    },
  }));
}
