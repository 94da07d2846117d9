/** The evidence lower bound with closed forms where there are any. */
import type { SampleSite } from '@pyro-ts/core';
import { klDivergence, UnsupportedError } from '@pyro-ts/distributions';
import { lift, tf, withLabel } from '@pyro-ts/ops';
import { GuideError } from '../errors';
import { total, type Elbo } from './elbo';
import { isScored } from './score-function';
import { elboFrom, type ElboOptions } from './trace-elbo';
import type { TracePair } from './trace-pair';

/** A closed form, or undefined if the distributions have none. */
function closedForm(form: () => tf.Tensor): tf.Tensor | undefined {
  try {
    return form();
  } catch (error) {
    if ((error as Error).name === UnsupportedError.name) return undefined;
    throw error;
  }
}

/** A batch-shaped term under the site's mask and scale, summed. */
function weigh({ mask, scale }: SampleSite, term: tf.Tensor): tf.Tensor {
  if (mask === false) return lift(0);
  const masked = mask === true ? term : tf.where(mask, term, lift(0));
  return tf.sum(scale === 1 ? masked : tf.mul(masked, lift(scale)));
}

function meanFieldElbo(pair: TracePair): tf.Tensor {
  const { model, guide } = pair;
  const scored = guide.sampleSites.find(isScored);
  if (scored !== undefined) {
    throw new GuideError(
      `TraceMeanFieldELBO needs draws that carry gradients; ${scored.fn.family} has none`,
      'use TraceELBO, which has the score function for such sites.',
      scored.name,
    );
  }
  const inModel = new Map(model.latentSites.map((site) => [site.name, site]));
  const solved = new Set<string>();
  const terms = guide.latentSites.map((site) => {
    const prior = inModel.get(site.name);
    const form = (): tf.Tensor =>
      prior === undefined ? site.fn.entropy() : tf.neg(klDivergence(site.fn, prior.fn));
    const term = withLabel(site.name, () => closedForm(form));
    if (term === undefined) return lift(0);
    solved.add(site.name);
    return weigh(prior ?? site, term);
  });
  const rest = (site: { readonly name: string }): boolean => !solved.has(site.name);
  return tf.add(total(terms), tf.sub(model.logProbSum(rest), guide.logProbSum(rest)));
}

/**
 * As TraceELBO, but with KL(q‖p) in closed form for the sites where one is registered, and the entropy in closed form
 * for the guide's own sites: less noise. Sites must be independent given what the model puts before them, since a closed
 * form averages over a site as if the others did not depend on it: for mean-field guides.
 */
export const TraceMeanFieldELBO = (options: ElboOptions = {}): Elbo =>
  elboFrom('TraceMeanFieldELBO', meanFieldElbo, options);
