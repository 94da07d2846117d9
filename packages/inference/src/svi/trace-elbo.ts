/** The evidence lower bound from traces of guide and model. */
import { lift, tf, type RandomKey } from '@pyro-ts/ops';
import { GuideError } from '../errors';
import { checkElbo } from './check-options';
import { meanOverParticles, total, valueWithGradientOf, type Elbo, type Problem } from './elbo';
import { isScored, scoreFunctionTerms } from './score-function';
import { tracePair, type TracePair } from './trace-pair';
import { plateNesting, vectorized } from './vectorize';

export interface ElboOptions {
  /** Draws of the guide that an estimate averages over. Default 1. */
  readonly numParticles?: number;
  /** All particles in one run, as an extra outermost plate: model and guide must broadcast. Default false. */
  readonly vectorizeParticles?: boolean;
  /** How deep plates are nested, for `vectorizeParticles`; found by a run if absent. */
  readonly maxPlateNesting?: number;
}

/** Σ log p − Σ log q, in nats. */
const elboOf = ({ model, guide }: TracePair): tf.Tensor => tf.sub(model.logProbSum(), guide.logProbSum());

/** What is differentiated: scored sites enter by their score times cost, and their log q not at all (its mean gradient is 0). */
function surrogateOf(pair: TracePair): tf.Tensor {
  const pathwise = pair.guide.logProbSum((site) => site.kind === 'factor' || !isScored(site));
  return tf.add(tf.sub(pair.model.logProbSum(), pathwise), total(scoreFunctionTerms(pair)));
}

/** ELBO of one pair of traces, with an unbiased gradient. */
export function differentiableElbo(pair: TracePair): tf.Tensor {
  if (!pair.guide.sampleSites.some(isScored)) return elboOf(pair);
  return valueWithGradientOf(elboOf(pair), surrogateOf(pair));
}

/** @throws {GuideError} if a site is marked for enumeration, which this objective does not do */
function plain(name: string, pair: TracePair): TracePair {
  const marked = [...pair.guide.latentSites, ...pair.model.latentSites].find(
    ({ infer }) => infer.enumerate !== undefined,
  );
  if (marked === undefined) return pair;
  throw new GuideError(
    `the site is marked with enumerate: '${marked.infer.enumerate}', but ${name} draws every site`,
    'use TraceEnumELBO, which sums it out, or leave the mark out.',
    marked.name,
  );
}

/** Makes an objective of an estimate from one pair of traces. */
export function elboFrom(name: string, estimate: (pair: TracePair) => tf.Tensor, options: ElboOptions): Elbo {
  const { numParticles = 1, vectorizeParticles = false } = checkElbo(name, options);
  const nestings = new WeakMap<object, number>();
  const inOneRun = <Args extends unknown[]>(problem: Problem<Args>): tf.Tensor => {
    const { key, model, guide, args, identity } = problem;
    const nesting = options.maxPlateNesting ?? nestings.get(identity) ?? plateNesting(problem);
    nestings.set(identity, nesting);
    const wide = [model, guide].map((run) => vectorized(run, numParticles, nesting));
    return tf.div(estimate(plain(name, tracePair(key, wide[0], wide[1], args))), lift(numParticles));
  };
  return {
    name,
    loss: <Args extends unknown[]>(problem: Problem<Args>) => {
      const { key, model, guide, args } = problem;
      const one = (own: RandomKey): tf.Tensor => estimate(plain(name, tracePair(own, model, guide, args)));
      const many = vectorizeParticles && numParticles > 1;
      return tf.neg(many ? inOneRun(problem) : meanOverParticles(key, numParticles, one));
    },
  };
}

/**
 * E_q[log p(x, z) − log q(z)]. Gradients go through the draws of reparameterised guide sites; the others (discrete
 * ones, and those with `hasRsample_(false)`) use the score function. Subsampled plates are scaled up to the whole.
 */
export const TraceELBO = (options: ElboOptions = {}): Elbo =>
  elboFrom('TraceELBO', differentiableElbo, options);
