/** `computeMarginals`: how probable the values of discrete sites are. */
import { handlers, type Model } from '@pyro-ts/core';
import { checkOptions, sizeOf } from '@pyro-ts/ops';
import { EnumerationError } from '../errors';
import { leadingShape, type Draws } from '../predictive/draws';
import { repeatDraw } from '../predictive/repeat-draw';
import { enumeratedRun } from './enumerated-run';
import { marginals } from './marginals';

export interface ComputeMarginalsOptions {
  /** Values of the other latent sites by name, [...draws, ...site]: `mcmc.getSamples()`. Default: the model's handlers give them. */
  readonly posteriorSamples?: Draws | undefined;
  /** How many leading dims of posteriorSamples count draws. Default 1. */
  readonly batchNdims?: number | undefined;
}

/**
 * The exact marginal distribution of each discrete latent site given the observations and the values of all other sites, draw
 * by draw; the mean over posterior draws is the posterior probability. The results are `probs` of a Categorical.
 * @returns (args) → site → probabilities, float [...draws, ...batch, values], in the order of the site's support
 * @throws {EnumerationError} as `inferDiscrete`
 * @throws {PredictiveError} if sites disagree about the number of draws
 */
export function computeMarginals<Args extends unknown[]>(
  model: Model<Args>,
  options: ComputeMarginalsOptions = {},
): (...args: Args) => Draws {
  const { posteriorSamples, batchNdims = 1 } = checkOptions('computeMarginals', options, {
    posteriorSamples: 'optional',
    batchNdims: 'optional',
  });
  const leading = posteriorSamples === undefined ? [] : leadingShape(posteriorSamples, batchNdims);
  return (...args) => {
    const found = repeatDraw(
      (_, given) => marginals(enumeratedRun(handlers.substitute(model, { data: given }), args)),
      posteriorSamples ?? {},
      batchNdims,
      leading,
    );
    for (const [site, { data }] of Object.entries(found)) {
      const at = data.findIndex(Number.isNaN);
      if (at >= 0) throw impossible(site, Math.floor((at * sizeOf(leading)) / data.length));
    }
    return found;
  };
}

function impossible(site: string, draw: number): EnumerationError {
  return new EnumerationError(
    `no value is possible, or the density is NaN, at draw ${draw} of posteriorSamples`,
    'pass the draws of this model with these arguments; leave out those of density 0.',
    site,
  );
}
