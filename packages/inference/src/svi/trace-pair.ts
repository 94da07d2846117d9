/** One run of the guide, and the model at the guide's choices. */
import { handlers, type Model, type Trace } from '@pyro-ts/core';
import { foldIn, type RandomKey } from '@pyro-ts/ops';
import { checkedAgainst, refuseExtraSites } from './check-guide';

export interface TracePair {
  readonly guide: Trace;
  readonly model: Trace;
}

/** @throws {GuideError} if the guide does not fit the model */
export function tracePair<Args extends unknown[]>(
  key: RandomKey,
  model: Model<Args>,
  guide: Model<Args>,
  args: Args,
): TracePair {
  const guideRun = handlers.seed(guide, { seed: foldIn(key, 'guide') });
  const guideTrace = handlers.trace(guideRun).getTrace(...args);
  const replayed = handlers.replay(checkedAgainst(model, guideTrace), { trace: guideTrace });
  const modelRun = handlers.seed(replayed, { seed: foldIn(key, 'model') });
  const modelTrace = handlers.trace(modelRun).getTrace(...args);
  refuseExtraSites(guideTrace, modelTrace);
  return { guide: guideTrace, model: modelTrace };
}
