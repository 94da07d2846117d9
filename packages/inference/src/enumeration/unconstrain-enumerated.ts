/** A model on unconstrained space, its discrete sites summed out. */
import {
  handlers,
  LatentSiteError,
  unconstrainModel,
  type Message,
  type Model,
  type UnconstrainedModel,
} from '@pyro-ts/core';
import { EnumerationError } from '../errors';
import { configEnumerate } from './config-enumerate';
import { summedOut } from './joint';
import { survey, type DiscreteSite, type Survey } from './survey';

export interface EnumeratedModel {
  /** Its latent sites are the continuous ones. */
  readonly model: UnconstrainedModel;
  /** The sites that are summed out. */
  readonly discrete: readonly DiscreteSite[];
}

/**
 * As `unconstrainModel`, with every discrete latent site of finite support summed out exactly. Marking them
 * (`infer: {enumerate: 'parallel'}`) is allowed, not necessary. Deterministic sites that depend on them are left out.
 * @throws {LatentSiteError} if a discrete site has no finite support, or no latent site is left
 * @throws {EnumerationError} if dims, plates or scales do not allow it
 */
export function unconstrainEnumerated<Args extends unknown[]>(
  model: Model<Args>,
  args: Args,
): EnumeratedModel {
  const found = survey(model, args);
  const discrete = found.discrete.filter((site) => site.hasEnumerateSupport);
  found.discrete.forEach(refuseOtherKinds);
  if (found.discrete.every((site) => !site.hasEnumerateSupport && site.enumerate === undefined)) {
    return { model: unconstrainModel(model, args), discrete };
  }
  if (found.numContinuous === 0) throw nothingLeft(found.discrete);
  const enumerated = handlers.enumerate(configEnumerate(model), { firstAvailableDim: -1 - found.batchRank });
  const shown = handlers.block(enumerated, { hideFn: (message) => isStretched(message, found) });
  return { model: unconstrainModel(shown, args, { joint: summedOut }), discrete };
}

/** A deterministic site with dims that it has not for single values of the discrete sites. */
function isStretched(message: Message, { deterministic }: Survey): boolean {
  return (
    message.kind === 'deterministic' && message.value.shape.join() !== deterministic.get(message.name)?.join()
  );
}

function nothingLeft(discrete: readonly DiscreteSite[]): LatentSiteError {
  const list = discrete.map(({ name, family }) => `'${name}' (${family})`).join(', ');
  return new LatentSiteError({
    site: discrete[0].name,
    problem: `all latent sites are discrete and summed out exactly, so that none is left to sample: ${list}`,
    fix: 'of a model of discrete sites alone inferDiscrete gives exact posterior draws (or the MAP), computeMarginals the probabilities. For MCMC leave obs out of a continuous site.',
  });
}

/** @throws {EnumerationError} at a site of a model that is marked as only sites of guides can be */
export function refuseOtherKinds({ name, enumerate, numSamples }: DiscreteSite): void {
  if (enumerate === 'sequential') {
    throw new EnumerationError(
      "the site of a model is marked with enumerate: 'sequential', which only guides can have",
      "mark it with enumerate: 'parallel', or leave the mark out.",
      name,
    );
  }
  if (numSamples === undefined) return;
  throw new EnumerationError(
    `the site is marked with numSamples: ${numSamples}, but a log density must not depend on draws`,
    'leave numSamples out: all values are summed over.',
    name,
  );
}
