/** The evidence lower bound with discrete sites summed over, in the model and in the guide. */
import type { EnumeratedVariable, Trace } from '@pyro-ts/core';
import { lift, scoped, tf, type RandomKey } from '@pyro-ts/ops';
import { invalidDependencies } from '../enumeration/check-dependencies';
import { guideCosts, modelCosts } from '../enumeration/costs';
import { enumeratedPair } from '../enumeration/enumerated-pair';
import { expectation } from '../enumeration/expectation';
import { guideWeights } from '../enumeration/guide-weights';
import { batchRankOf } from '../enumeration/survey';
import { forEachChoice } from '../enumeration/sequential';
import { isolated } from '../initialization';
import { checkEnumElbo } from './check-options';
import { meanOverParticles, total, type Elbo, type Problem } from './elbo';
import type { ElboOptions } from './trace-elbo';
import { tracePair, type TracePair } from './trace-pair';
import { vectorized } from './vectorize';

export interface TraceEnumElboOptions extends ElboOptions {
  /** Whether to say so if no site is marked for enumeration. Default true. */
  readonly strictEnumerationWarning?: boolean;
}

/** How far to the left plates and batch dims reach where nothing is enumerated. */
function nestingOf<Args extends unknown[]>({ key, model, guide, args }: Problem<Args>): number {
  return scoped(() => {
    const pairs = isolated(() => forEachChoice(guide, (chosen) => tracePair(key, model, chosen, args)));
    const messages = pairs.flatMap((pair) => [...pair.model.sites.values(), ...pair.guide.sites.values()]);
    return Math.max(0, ...messages.map(batchRankOf));
  });
}

const variablesOf = ({ sampleSites }: Trace): ReadonlySet<EnumeratedVariable> =>
  new Set(sampleSites.flatMap(({ enumeration }) => enumeration?.own?.variable ?? []));

/** The part of one run that the choices `counts` split off: an unbiased estimate with its gradient, exact if nothing is drawn. */
function estimate({ model, guide }: TracePair, counts: ReadonlyMap<string, number>): tf.Tensor {
  const weights = guideWeights(guide, counts);
  const order = new Map(guide.latentSites.map(({ name }, i) => [name, i]));
  const positions = weights.map(({ site }) => order.get(site.name) as number);
  const upTo = (site: string): number => {
    const own = order.get(site);
    return own === undefined ? weights.length : positions.filter((position) => position <= own).length;
  };
  const costs = [...modelCosts(model, variablesOf(guide), weights.length), ...guideCosts(guide, upTo)];
  return total(costs.map((cost) => expectation(cost, weights)));
}

/**
 * E_q[log p(x, z) − log q(z)] with sites summed over exactly:
 * - latent sites of the model marked with `infer: {enumerate: 'parallel'}` and absent from the guide are summed out of log p;
 * - sites of the guide marked 'parallel' are averaged over all their values along a dim of their own, or over
 *   `numSamples` draws; marked 'sequential', over one run for each value;
 * - other sites are drawn: pathwise where possible, by the score function where not.
 *
 * Where every site is enumerated the value and its gradient are exact. `configEnumerate(model)` marks all sites.
 * Source: Obermeyer et al. (2019), "Tensor Variable Elimination for Plated Factor Graphs", section 5; gradients of drawn
 * sites as in Foerster et al. (2018), "DiCE".
 */
export function TraceEnumELBO(options: TraceEnumElboOptions = {}): Elbo {
  const name = 'TraceEnumELBO';
  const {
    numParticles = 1,
    vectorizeParticles = false,
    strictEnumerationWarning = true,
  } = checkEnumElbo(name, options);
  const nestings = new WeakMap<object, number>();
  const nestingFor = <Args extends unknown[]>(problem: Problem<Args>): number => {
    const nesting = options.maxPlateNesting ?? nestings.get(problem.identity) ?? nestingOf(problem);
    nestings.set(problem.identity, nesting);
    return nesting;
  };
  const once = <Args extends unknown[]>(
    { model, guide, args }: Problem<Args>,
    key: RandomKey,
    nesting: number,
  ): tf.Tensor =>
    total(
      forEachChoice(guide, (chosen, counts) =>
        estimate(enumeratedPair(key, model, chosen, args, -1 - nesting), counts),
      ),
    );
  return {
    name,
    loss(problem) {
      const nesting = nestingFor(problem);
      if (!vectorizeParticles || numParticles === 1) {
        return tf.neg(meanOverParticles(problem.key, numParticles, (key) => once(problem, key, nesting)));
      }
      const [model, guide] = [problem.model, problem.guide].map((run) =>
        vectorized(run, numParticles, nesting),
      );
      return tf.neg(tf.div(once({ ...problem, model, guide }, problem.key, nesting + 1), lift(numParticles)));
    },
    check(problem) {
      const { key, model, guide, args } = problem;
      const nesting = nestingFor(problem);
      return scoped(() => {
        const pairs = isolated(() =>
          forEachChoice(guide, (chosen, counts) => ({
            pair: enumeratedPair(key, model, chosen, args, -1 - nesting),
            counts,
          })),
        );
        pairs.forEach(({ pair, counts }) => estimate(pair, counts));
        const notes = pairs.flatMap(({ pair }) => invalidDependencies(pair));
        const isEnumerated = pairs.some(
          ({ pair, counts }) =>
            counts.size > 0 || variablesOf(pair.guide).size + variablesOf(pair.model).size > 0,
        );
        if (!isEnumerated && strictEnumerationWarning) notes.unshift(nothingEnumerated);
        return [...new Set(notes)];
      });
    },
  };
}

const nothingEnumerated =
  'TraceEnumELBO found no site that is marked for enumeration.\n' +
  "  Fix: mark sites with infer: { enumerate: 'parallel' }, or all of them with configEnumerate(model); without enumeration TraceELBO does the same in less time.";
