/** Whether a guide fits its model. Looks at names and shapes only, never at values. */
import {
  createHandler,
  formatPlate,
  latentShape,
  type Model,
  type SampleMessage,
  type Trace,
} from '@pyro-ts/core';
import { formatShape } from '@pyro-ts/ops';
import { GuideError } from '../errors';

const isAuxiliary = ({ infer }: SampleMessage): boolean => infer.isAuxiliary === true;

/** Sites that the model sums out need no counterpart. Objectives that do not enumerate refuse them themselves. */
const isSummedOut = ({ infer }: SampleMessage): boolean => infer.enumerate === 'parallel';

function missingInGuide(site: SampleMessage, guide: Trace): GuideError {
  if (site.infer.enumerate === 'sequential') {
    return new GuideError(
      `the model has the site '${site.name}' with enumerate: 'sequential', the guide has not: models are enumerated in parallel only`,
      "mark it with enumerate: 'parallel', or sample it in the guide, where it may be sequential.",
      site.name,
    );
  }
  if (guide.observedSites.some(({ name }) => name === site.name)) {
    return new GuideError(
      `'${site.name}' is latent in the model, but observed in the guide`,
      `leave obs out of it in the guide, or observe it in the model.`,
      site.name,
    );
  }
  const names = guide.latentSites.map(({ name }) => `'${name}'`).join(', ') || 'none';
  return new GuideError(
    `the model has the latent site '${site.name}' (${site.fn.family}, shape ${formatShape(site.fn.shape())}), the guide has not; ` +
      `its sites are ${names}`,
    `sample '${site.name}' in the guide too, or observe it in the model` +
      (site.fn.hasEnumerateSupport
        ? "; TraceEnumELBO also sums it out if it is marked with infer: { enumerate: 'parallel' }."
        : '.'),
    site.name,
  );
}

function missingInModel(site: SampleMessage, model: Trace): GuideError {
  const names = model.latentSites.map(({ name }) => `'${name}'`).join(', ') || 'none';
  const observed = model.observedSites.some(({ name }) => name === site.name);
  return new GuideError(
    observed
      ? `the guide samples '${site.name}', which is observed in the model`
      : `the guide has the site '${site.name}', the model has not; its latent sites are ${names}`,
    observed
      ? 'leave it out of the guide.'
      : `rename it, or mark it as the guide's own: sample('${site.name}', fn, { infer: { isAuxiliary: true } }).`,
    site.name,
  );
}

function checkShapes(inModel: SampleMessage, inGuide: SampleMessage): void {
  const { name } = inModel;
  if (inModel.fn.eventDim !== inGuide.fn.eventDim) {
    throw new GuideError(
      `'${name}' has event dims ${inModel.fn.eventDim} (event shape ${formatShape(inModel.fn.eventShape)}) in the model, ` +
        `${inGuide.fn.eventDim} (event shape ${formatShape(inGuide.fn.eventShape)}) in the guide`,
      `declare the same dims dependent in both: .toEvent(${inModel.fn.eventDim}) in the guide, or plates in the model.`,
      name,
    );
  }
  const wanted = latentShape(inModel);
  const given = latentShape(inGuide);
  if (formatShape(wanted) !== formatShape(given)) {
    throw new GuideError(
      `'${name}' has shape ${formatShape(wanted)} in the model, ${formatShape(given)} in the guide`,
      `give the guide's distribution the shape ${formatShape(wanted)}, for instance by parameters of that shape and the same plates.`,
      name,
    );
  }
}

function checkPlates(inModel: SampleMessage, inGuide: SampleMessage): void {
  const { name } = inModel;
  for (const frame of inGuide.condIndepStack) {
    const same = inModel.condIndepStack.find((other) => other.name === frame.name);
    if (same === undefined) {
      throw new GuideError(
        `'${name}' is inside ${formatPlate(frame)} in the guide, but not in the model`,
        'open the same plates around a site in the model and in the guide.',
        name,
      );
    }
    if (same.size !== frame.size || same.fullSize !== frame.fullSize || same.dim !== frame.dim) {
      throw new GuideError(
        `'${name}' is inside ${formatPlate(same)} in the model, ${formatPlate(frame)} in the guide`,
        'give the plate the same size, subsample size and dim in both.',
        name,
      );
    }
  }
  for (const frame of inModel.condIndepStack) {
    if (frame.size === frame.fullSize) continue;
    if (inGuide.condIndepStack.some((other) => other.name === frame.name)) continue;
    throw new GuideError(
      `'${name}' is inside the subsampled ${formatPlate(frame)} in the model, but not in the guide: the densities would be ` +
        'scaled differently',
      `open plate '${frame.name}' around it in the guide too.`,
      name,
    );
  }
}

/**
 * The model, checked site by site as it runs: a misfit is reported before it can break something further on.
 * @throws {GuideError} naming the first site that does not fit, and how to mend it
 */
export function checkedAgainst<Args extends unknown[], R>(
  model: Model<Args, R>,
  guide: Trace,
): Model<Args, R> {
  const check = createHandler(() => ({
    process(message) {
      if (message.kind !== 'sample' || message.isObserved || message.stop) return;
      const counterpart = guide.latentSites.find((site) => site.name === message.name);
      if (counterpart !== undefined) {
        checkShapes(message, counterpart);
        checkPlates(message, counterpart);
      } else if (!isAuxiliary(message) && !isSummedOut(message)) throw missingInGuide(message, guide);
    },
  }));
  return check(model);
}

/** @throws {GuideError} if the guide samples what the model does not have */
export function refuseExtraSites(guide: Trace, model: Trace): void {
  const inModel = new Set(model.latentSites.map(({ name }) => name));
  const extra = guide.latentSites.find((site) => !inModel.has(site.name) && !isAuxiliary(site));
  if (extra !== undefined) throw missingInModel(extra, model);
}
