/** What automatic guides have in common. */
import { handlers, sample, type Model } from '@pyro-ts/core';
import { Delta } from '@pyro-ts/distributions';
import {
  keyFromSeed,
  random,
  defaultGenerator,
  scoped,
  toNdArray,
  type NdArray,
  type RandomKey,
  type Shape,
  type tf,
} from '@pyro-ts/ops';
import { GuideError } from '../errors';
import { initToMedian, type InitStrategy } from '../initialization';
import type { ParamValues } from '../svi';
import { constrainSites, type ConstrainedSite, type ConstrainedSites, type Unconstrained } from './constrain';
import { initialPoint, once, type InitialPoint } from './initial';
import { stackDraws } from '../predictive/draws';
import { repeatDraw, type DrawOnce } from '../predictive/repeat-draw';
import { insidePlates, makePlates, type Plates } from './plates';
import { findPrototype, type Prototype } from './prototype';

/** Values by site, constrained space. */
export type SiteValues = Readonly<Record<string, NdArray>>;

export interface AutoGuideOptions {
  /** Where to start: default initToMedian(). */
  readonly initLocFn?: InitStrategy;
  /** Start of the standard deviations, unconstrained space. Default 0.1. */
  readonly initScale?: number;
  /** Before the parameters' names: `x_auto_loc`. Default 'auto'. */
  readonly prefix?: string;
}

export interface PosteriorOptions<Args extends unknown[]> {
  /** Leading dims of the result. Default []. */
  readonly sampleShape?: Shape;
  readonly seed?: number | string | RandomKey;
  /** Needed where the support of a site depends on other sites: the model is run. */
  readonly args?: Args;
}

/** A guide made from a model. Its parameters belong to the SVI state and are passed to its methods. */
export interface AutoGuide<Args extends unknown[]> {
  /** Runs the guide; the values of the model's sites. */
  (...args: Args): Readonly<Record<string, tf.Tensor>>;
  readonly guideName: string;
  /** Looks at the model, if no run has done so yet; needed before the methods below in a new process. */
  setup(...args: Args): void;
  /** Median of every site: of its own distribution, not of the joint one. */
  median(params: ParamValues, options?: Pick<PosteriorOptions<Args>, 'args'>): SiteValues;
  /** Quantiles of every site, entry by entry: [...probs, ...site]. */
  quantiles(
    params: ParamValues,
    probs: number | readonly number[],
    options?: Pick<PosteriorOptions<Args>, 'args'>,
  ): SiteValues;
  /** Draws of all sites: [...sampleShape, ...site]. */
  samplePosterior(params: ParamValues, options?: PosteriorOptions<Args>): SiteValues;
}

/** What a run of a guide has at hand. */
export interface GuideRun {
  readonly prototype: Prototype;
  readonly plates: Plates;
  /** Starting values, computed when the first parameter asks, with that parameter's key. */
  readonly start: (key: RandomKey | undefined) => InitialPoint;
  readonly initScale: number;
  readonly prefix: string;
  /** Values in the supports, with the densities of the change of variables. */
  readonly constrain: (unconstrained: Unconstrained) => ConstrainedSites;
}

/** How one kind of guide differs from the others. */
export interface GuideFamily {
  readonly name: string;
  /** Declares parameters and draws a value for every site. */
  draw(run: GuideRun): ConstrainedSites;
  /** Quantiles by site, constrained space, from constrained parameters. */
  quantile(
    run: Pick<GuideRun, 'prototype' | 'prefix' | 'constrain'>,
    params: ParamValues,
    probability: number,
  ): ReadonlyMap<string, tf.Tensor>;
  /** Refuses models that this guide cannot cover. */
  check?(prototype: Prototype): void;
}

/**
 * A parameter's value.
 * @throws {GuideError} if it is not there
 */
export function paramOf(params: ParamValues, name: string): NdArray {
  if (Object.hasOwn(params, name)) return params[name];
  throw new GuideError(
    `the parameter '${name}' is missing; given are ${Object.keys(params).join(', ') || 'none'}`,
    'pass the parameters of this guide: svi.getParams(state), or params of svi.run.',
  );
}

/** A guide of a family for a model. */
export function makeGuide<Args extends unknown[]>(
  family: GuideFamily,
  model: Model<Args>,
  options: AutoGuideOptions,
): AutoGuide<Args> {
  const { initLocFn = initToMedian(), initScale = 0.1, prefix = 'auto' } = options;
  let known: Prototype | undefined;
  const prototypeFor = (args: Args): Prototype => {
    if (known === undefined) {
      const found = findPrototype(family.name, model, args);
      family.check?.(found);
      known = found;
    }
    return known;
  };

  const guide = (...args: Args): Readonly<Record<string, tf.Tensor>> => {
    const prototype = prototypeFor(args);
    const plates = makePlates(prototype);
    const start = once((key: RandomKey | undefined) => initialPoint(model, args, initLocFn, key));
    const constrain = (u: Unconstrained): ConstrainedSites =>
      constrainSites(prototype, model, args, u, plates);
    const sites = family.draw({ prototype, plates, start, initScale, prefix, constrain });
    return Object.fromEntries(
      prototype.sites.map((site) => {
        const { value, logDensity } = sites.get(site.name) as ConstrainedSite;
        const point = (): tf.Tensor => sample(site.name, Delta(value, logDensity, site.eventDim));
        return [site.name, insidePlates(plates, site, point)];
      }),
    );
  };

  /** The prototype for methods that are not runs of the guide, and arguments for them. */
  const settled = (args: Args | undefined): { readonly prototype: Prototype; readonly args: Args } => {
    if (known === undefined && args === undefined) {
      throw new GuideError(
        `this ${family.name} has not seen its model yet`,
        'run SVI with it first, or call guide.setup(...args).',
      );
    }
    const prototype = known ?? prototypeFor(args as Args);
    if (prototype.isDynamic && args === undefined) {
      throw new GuideError(
        'the support of a site depends on other sites, so the model has to be run',
        'pass its arguments: { args: [...] }.',
      );
    }
    return { prototype, args: args ?? ([] as unknown as Args) };
  };

  const at = (params: ParamValues, probability: number, given: Args | undefined): SiteValues => {
    const { prototype, args } = settled(given);
    return scoped(() => {
      const constrain = (u: Unconstrained): ConstrainedSites =>
        constrainSites(prototype, model, args, u, new Map());
      const values = family.quantile({ prototype, prefix, constrain }, params, probability);
      return Object.fromEntries([...values].map(([name, value]) => [name, toNdArray(value)]));
    });
  };

  return Object.assign(guide, {
    guideName: family.name,
    setup(...args: Args): void {
      prototypeFor(args);
    },
    median: (params: ParamValues, { args }: Pick<PosteriorOptions<Args>, 'args'> = {}) =>
      at(params, 0.5, args),
    quantiles(
      params: ParamValues,
      probs: number | readonly number[],
      { args }: Pick<PosteriorOptions<Args>, 'args'> = {},
    ): SiteValues {
      if (typeof probs === 'number') return at(params, probs, args);
      return stackDraws(
        probs.map((p) => at(params, p, args)),
        [probs.length],
      );
    },
    samplePosterior(
      params: ParamValues,
      { sampleShape = [], seed, args: given }: PosteriorOptions<Args> = {},
    ) {
      const { args } = settled(given);
      const key =
        typeof seed === 'object' ? seed : seed === undefined ? defaultGenerator.next() : keyFromSeed(seed);
      const run = handlers.substitute(guide, { data: params });
      const draw: DrawOnce = (index) =>
        handlers.block(handlers.seed(run, { seed: random.foldInTensor(key, index) }))(...args);
      return repeatDraw(draw, {}, 0, sampleShape);
    },
  });
}
