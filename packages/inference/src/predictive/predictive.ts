/** What a model predicts: from its prior, from posterior draws, or from a guide. */
import { handlers, type Model, type Site, type Trace } from '@pyro-ts/core';
import {
  checkOptions,
  defaultGenerator,
  describeValue,
  didYouMean,
  foldIn,
  keyFromSeed,
  lift,
  random,
  tf,
  type OptionNames,
  type RandomKey,
  type Shape,
} from '@pyro-ts/ops';
import { inferDiscrete } from '../enumeration/infer-discrete';
import { overview } from '../enumeration/overview';
import { PredictiveError } from '../errors';
import { leadingShape, type Draws } from './draws';
import { repeatDraw } from './repeat-draw';

export interface PredictiveOptions<Args extends unknown[] = unknown[]> {
  /** Values of sites by name, [...draws, ...site]: `mcmc.getSamples()`. Not together with a guide. */
  readonly posteriorSamples?: Draws;
  /** Draws of latent sites come from this guide. */
  readonly guide?: Model<Args>;
  /** Values of `param` sites of model and guide, constrained space: `svi.getParams(state)`. */
  readonly params?: Draws;
  /** How many draws, where posteriorSamples does not say. */
  readonly numSamples?: number;
  /** Sites to return; '_RETURN' is what the model returns. Default: all sample sites without given draws, and all deterministic ones. */
  readonly returnSites?: readonly string[];
  /** How many leading dims of posteriorSamples count draws: 1, or 2 if grouped by chain. Default 1. */
  readonly batchNdims?: number;
  /** Leave out deterministic sites that are not asked for by name. Default false. */
  readonly excludeDeterministic?: boolean;
  /**
   * Discrete latent sites without given values are drawn from their exact distribution given the observations and all other
   * sites, as by `inferDiscrete`; otherwise from the model, as if nothing after them was observed. Default: true where
   * posteriorSamples or the guide give all other latent sites and something is observed.
   */
  readonly inferDiscrete?: boolean;
  /** Default: from the default generator (`setRngSeed`). */
  readonly seed?: number | string | RandomKey;
}

const returned = '_RETURN';

const optionNames: OptionNames<PredictiveOptions> = {
  posteriorSamples: 'optional',
  guide: 'optional',
  params: 'optional',
  numSamples: 'optional',
  returnSites: 'optional',
  batchNdims: 'optional',
  excludeDeterministic: 'optional',
  inferDiscrete: 'optional',
  seed: 'optional',
};

function checkPredictive(model: unknown, options: PredictiveOptions<never>): void {
  if (typeof model !== 'function')
    throw new PredictiveError(`the model is ${describeValue(model)}`, 'pass a function.');
  const { posteriorSamples, guide, numSamples } = checkOptions('Predictive', options, optionNames);
  if (posteriorSamples !== undefined && guide !== undefined) {
    throw new PredictiveError(
      'posteriorSamples and guide are both given',
      'pass the draws, or the guide to draw from, not both.',
    );
  }
  if (posteriorSamples === undefined && !(Number.isInteger(numSamples) && (numSamples as number) > 0)) {
    throw new PredictiveError(
      `the number of draws is not known: numSamples is ${numSamples ?? 'absent'}, and there are no posteriorSamples`,
      'pass numSamples, a positive integer.',
    );
  }
}

/** What is to be read from a run. */
function chosen(trace: Trace, options: PredictiveOptions<never>, given: object): readonly string[] {
  const { returnSites, excludeDeterministic = false } = options;
  if (returnSites !== undefined) {
    const unknown = returnSites.find((name) => name !== returned && !trace.sites.has(name));
    if (unknown === undefined) return returnSites;
    throw new PredictiveError(
      `returnSites names '${unknown}', which the model does not have; it has ${[...trace.sites.keys()].join(', ')}`,
      "use one of those names, or '_RETURN' for the model's result.",
    );
  }
  const isWanted = (site: Site): boolean =>
    (site.kind === 'sample' && !Object.hasOwn(given, site.name)) ||
    (site.kind === 'deterministic' && !excludeDeterministic);
  return [...trace.sites.values()].filter(isWanted).map((site) => site.name);
}

/**
 * Draws of sites that the model does not have are of no use, but may well be there: the auxiliary site of a
 * reparameterised model, say. They are a mistake if no draw is of use, or if a site that is drawn anew has nearly that name.
 */
function refuseStrangers(trace: Trace, given: readonly string[]): void {
  const strangers = given.filter((name) => !trace.sites.has(name));
  if (strangers.length === 0) return;
  const drawn = trace.latentSites.map(({ name }) => name).filter((name) => !given.includes(name));
  const [stranger] = strangers;
  const advice = strangers.map((name) => didYouMean(name, drawn)).find((text) => text !== undefined);
  if (strangers.length < given.length && advice === undefined) return;
  throw new PredictiveError(
    `posteriorSamples has '${stranger}', which the model does not have; it has ${[...trace.sites.keys()].join(', ') || 'no sites'}`,
    advice ?? 'pass the draws of this model, under the names of its sites.',
  );
}

function valueOf(trace: Trace, name: string): tf.Tensor {
  const value = name === returned ? trace.returnValue : trace.site(name).value;
  if (value instanceof tf.Tensor || typeof value === 'number') return lift(value);
  throw new PredictiveError(
    name === returned
      ? 'the model does not return a tensor or a number'
      : `site '${name}' has no value to return`,
    'leave it out of returnSites.',
  );
}

/**
 * A function of the model's arguments that draws the model's sites: `Predictive(model, { posteriorSamples })(x)`.
 * Leave observations out of the arguments to have them predicted; sites that stay observed are returned as they are.
 * @returns (args) → site → [...draws, ...site]
 * @throws {PredictiveError}
 */
export function Predictive<Args extends unknown[]>(
  model: Model<Args>,
  options: PredictiveOptions<Args>,
): (...args: Args) => Draws {
  checkPredictive(model, options);
  const { posteriorSamples, guide, params = {}, batchNdims = 1, seed } = options;
  return (...args) => {
    const key =
      typeof seed === 'object' ? seed : seed === undefined ? defaultGenerator.next() : keyFromSeed(seed);
    const leading: Shape =
      posteriorSamples === undefined
        ? [options.numSamples as number]
        : leadingShape(posteriorSamples, batchNdims);

    /** What the guide draws: local sites of a subsampled plate belong to the elements that it drew. */
    const fromGuide = (own: RandomKey): Record<string, tf.Tensor> => {
      if (guide === undefined) return {};
      const run = handlers.seed(handlers.substitute(guide, { data: params }), { seed: foldIn(own, 'guide') });
      const { latentSites, plateSites } = handlers.trace(run).getTrace(...args);
      const drawn = [...latentSites, ...plateSites.filter((site) => site.value !== undefined)];
      return Object.fromEntries(drawn.map((site) => [site.name, site.value as tf.Tensor]));
    };

    let infers = options.inferDiscrete;
    /** Decided in the first draw: the others have the same sites. */
    const isToInfer = (run: Model<Args>): boolean => {
      if (infers !== undefined) return infers;
      if (posteriorSamples === undefined && guide === undefined) return (infers = false);
      const { discrete, missing, isConditioned } = overview(run, args);
      return (infers = discrete.length > 0 && missing.length === 0 && isConditioned);
    };

    /** One run of the model: traceable in the number of the draw and in the given values. */
    const draw = (
      index: tf.Tensor,
      values: Readonly<Record<string, tf.Tensor>>,
    ): Record<string, tf.Tensor> => {
      const own = random.foldInTensor(key, index);
      const given = { ...values, ...fromGuide(own) };
      const data = { ...params, ...given };
      const run = handlers.seed(handlers.substitute(model, { data }), { seed: foldIn(own, 'model') });
      const trace = handlers.trace(isToInfer(run) ? inferDiscrete(run) : run).getTrace(...args);
      refuseStrangers(trace, Object.keys(posteriorSamples ?? {}));
      return Object.fromEntries(chosen(trace, options, given).map((name) => [name, valueOf(trace, name)]));
    };
    return repeatDraw(draw, posteriorSamples ?? {}, batchNdims, leading);
  };
}
