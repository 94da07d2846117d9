/** One run of the guide and the model at its choices, both with their enumerated sites. */
import { createHandler, handlers, produce, type Model, type SampleMessage, type Trace } from '@pyro-ts/core';
import { foldIn, type RandomKey } from '@pyro-ts/ops';
import { EnumerationError } from '../errors';
import { checkedAgainst, refuseExtraSites } from '../svi/check-guide';
import type { TracePair } from '../svi/trace-pair';

/** Sites that guide and model enumerate have dims of their own: those of the model lie left of those of the guide. */
export function enumeratedPair<Args extends unknown[]>(
  key: RandomKey,
  model: Model<Args>,
  guide: Model<Args>,
  args: Args,
  firstAvailableDim: number,
): TracePair {
  const seeded = handlers.seed(guide, { seed: foldIn(key, 'guide') });
  const guideTrace = handlers.trace(handlers.enumerate(seeded, { firstAvailableDim })).getTrace(...args);
  const own = handlers.seed(model, { seed: foldIn(key, 'model') });
  const modelRun = handlers.enumerate(withoutDraws(replayed(own, guideTrace)), {
    firstAvailableDim,
    allocateFrom: leftOf(guideTrace, firstAvailableDim),
  });
  const modelTrace = handlers.trace(checkedAgainst(modelRun, guideTrace)).getTrace(...args);
  refuseExtraSites(guideTrace, modelTrace);
  return { guide: guideTrace, model: modelTrace };
}

/** @throws {EnumerationError} at a site of the model that asks for draws: a sum over some values is not its density */
function withoutDraws<Args extends unknown[]>(model: Model<Args>): Model<Args> {
  const refuse = createHandler(() => ({
    process({ kind, name, value, infer }) {
      if (kind !== 'sample' || value !== undefined || infer.numSamples === undefined) return;
      throw new EnumerationError(
        `the site of the model is marked with numSamples: ${infer.numSamples}, but only the guide may draw`,
        'leave numSamples out in the model: all values are summed over; or sample the site in the guide, with numSamples there.',
        name,
      );
    },
  }));
  return refuse(model);
}

/** The first dim left of everything that the guide has enumerated. */
function leftOf(guide: Trace, firstAvailableDim: number): number {
  let dim = firstAvailableDim;
  for (const { enumeration } of guide.sampleSites)
    for (const used of enumeration?.dims.keys() ?? []) dim = Math.min(dim, used - 1);
  return dim;
}

/** As `handlers.replay`; values keep the enumeration dims that they have in the guide. */
function replayed<Args extends unknown[]>(model: Model<Args>, guide: Trace): Model<Args> {
  const restore = createHandler(() => ({
    process(message) {
      if (message.kind !== 'sample' || message.isObserved) return;
      const site = guide.sites.get(message.name);
      if (site?.kind !== 'sample' || site.isObserved || site.enumeration === undefined) return;
      const { dims, firstAvailableDim } = site.enumeration;
      const rank = site.value.rank - site.fn.eventDim;
      const present = [...dims].filter(([dim]) => (site.value.shape[rank + dim] ?? 1) > 1 && -dim <= rank);
      return produce(message, (draft) => {
        draft.enumeration = { firstAvailableDim, dims: new Map(present), own: ownOf(message, site) };
      });
    },
  }));
  return restore(handlers.replay(model, { trace: guide }));
}

/** Whether the value is the list of all values for the model's distribution too. */
function ownOf(
  message: SampleMessage,
  site: SampleMessage,
): NonNullable<SampleMessage['enumeration']>['own'] {
  const own = site.enumeration?.own;
  const isSame = message.fn.family === site.fn.family && message.fn.hasEnumerateSupport;
  if (own?.variable.kind !== 'support' || !isSame) return undefined;
  return message.fn.enumerateSupport({ expand: false }).shape[0] === own.variable.size ? own : undefined;
}
