/** Looks for a starting point at which the density is finite. */
import {
  handlers,
  isDensitySite,
  siteLogProb,
  withoutValidation,
  type Model,
  type SampleMessage,
  type Trace,
} from '@pyro-ts/core';
import { foldIn, keyFromSeed, scoped, toNdArray, type NdArray, type RandomKey } from '@pyro-ts/ops';
import { InitializationError } from '../errors';
import { describe, initToUniform } from './strategies';
import type { InitStrategy } from './strategy';

/** Values by latent site, constrained space. */
export type InitialValues = Readonly<Record<string, NdArray>>;

export interface FindInitialValuesOptions {
  /** Default: initToUniform(). */
  readonly strategy?: InitStrategy;
  readonly seed: number | string | RandomKey;
  /** How often to try with new random numbers; default 100. */
  readonly maxTries?: number;
  /** A further condition, such as a finite gradient. Returns what is wrong, if anything. */
  readonly refuse?: (values: InitialValues) => string | undefined;
}

/** A model whose latent sites take the values that a strategy gives them. */
export function initialized<Args extends unknown[], R>(
  model: Model<Args, R>,
  strategy: InitStrategy,
  key: RandomKey,
): Model<Args, R> {
  const valueOf = ({ name, fn, condIndepStack, key: own = key }: SampleMessage): NdArray | undefined =>
    fn.isDiscrete ? undefined : strategy({ name, fn, condIndepStack, key: own });
  return handlers.substitute(handlers.seed(model, { seed: key }), {
    data: (message) => (message.kind === 'sample' ? valueOf(message) : undefined),
  });
}

/** Runs something that handlers around, such as those of a guide in progress, are not to see. */
export const isolated = <R>(run: () => R): R => handlers.block(run)();

const latentValues = (trace: Trace): InitialValues =>
  Object.fromEntries(
    trace.latentSites.filter(({ fn }) => !fn.isDiscrete).map(({ name, value }) => [name, toNdArray(value)]),
  );

/** Sites whose log density is −∞, ∞ or NaN, as lines of a message. */
function badSites(trace: Trace): string[] {
  return [...trace.sites.values()].filter(isDensitySite).flatMap((site) => {
    const terms = siteLogProb(site).dataSync();
    const bad = terms.find((term) => !Number.isFinite(term));
    if (bad === undefined) return [];
    const value = describe(toNdArray(site.value));
    const what =
      site.kind === 'factor'
        ? `factor '${site.name}' is ${bad}`
        : `${site.isObserved ? 'observed ' : ''}site '${site.name}' (${site.fn.family}) has log density ${bad} at ${value}`;
    return [what];
  });
}

/**
 * Starting values for all continuous latent sites, with a finite log density at every site.
 * @throws {InitializationError} naming the sites without a finite density, if every try fails
 */
export function findInitialValues<Args extends unknown[]>(
  model: Model<Args>,
  args: Args,
  options: FindInitialValuesOptions,
): InitialValues {
  const { strategy = initToUniform(), seed, maxTries = 100, refuse } = options;
  const root = typeof seed === 'object' ? seed : keyFromSeed(seed);
  const tries = strategy.isRandom ? maxTries : 1;
  let reasons: string[] = [];
  for (let i = 0; i < tries; i++) {
    const run = handlers.trace(initialized(model, strategy, foldIn(root, i)));
    const found = scoped(() =>
      withoutValidation(() => {
        const trace = isolated(() => run.getTrace(...args));
        return { values: latentValues(trace), bad: badSites(trace) };
      }),
    );
    const objection = found.bad.length > 0 ? undefined : refuse?.(found.values);
    if (found.bad.length === 0 && objection === undefined) return found.values;
    reasons = objection === undefined ? found.bad : [objection];
  }
  throw new InitializationError(
    `no starting point with a finite density in ${tries} ${tries === 1 ? 'try' : 'tries'} (${strategy.strategy}). ` +
      `In the last one:\n${reasons.map((reason) => `  - ${reason}`).join('\n')}`,
    'look for NaN in the data and observations outside the support, or start from initToValue({ values }).',
  );
}
