/** One enumerated run of a model among the handlers around it, as factors. */
import {
  handlers,
  isDensitySite,
  nameInStep,
  rehearse,
  siteLogProb,
  under,
  unrolling,
  type EnumeratedVariable,
  type Model,
  type SampleMessage,
  type SampleSite,
  type Trace,
} from '@pyro-ts/core';
import { isConcrete, tf, type Shape } from '@pyro-ts/ops';
import { EnumerationError } from '../errors';
import { configEnumerate } from './config-enumerate';
import { overview } from './overview';
import { commonScale, components, type SiteFactor } from './joint';
import { isEnumerated, pack } from './pack';
import type { SummedFactor } from './sum-product';
import { refuseOtherKinds } from './unconstrain-enumerated';

export interface DiscreteLatent {
  readonly site: SampleSite;
  readonly variable: EnumeratedVariable;
  /** Of the site where all discrete sites have single values. */
  readonly batchShape: Shape;
}

/** A site of the model: one latent, or one for each step of a scan. */
export interface DiscreteSites {
  readonly name: string;
  readonly isScanned: boolean;
  readonly latents: readonly DiscreteLatent[];
}

export interface EnumeratedRun {
  readonly trace: Trace;
  /** The discrete sites. */
  readonly sites: readonly DiscreteSites[];
  /** Factors that are connected by them, without their common scale, which does not change a conditional distribution. */
  readonly components: readonly (readonly SiteFactor[])[];
}

/**
 * Every discrete latent site that no handler gives a value takes all its values.
 * @throws {EnumerationError} if there is none, if a site without a value cannot be listed, or if dims, plates or scales do
 * not allow it
 */
export function enumeratedRun<Args extends unknown[]>(model: Model<Args>, args: Args): EnumeratedRun {
  const { batchRank, batchShapes, discrete, scanned, missing } = overview(model, args);
  if (missing.length > 0) throw notGiven(missing[0]);
  if (discrete.length === 0) throw nothingToInfer();
  discrete.forEach(refuseOtherKinds);
  const { inside, outside } = unrolling();
  const trace = rehearse(
    under(() => handlers.trace(model).getTrace(...args), inside),
    (run) => handlers.enumerate(configEnumerate(under(run, outside)), { firstAvailableDim: -1 - batchRank }),
  );
  const enumerated: SiteFactor[] = [];
  for (const site of [...trace.sites.values()].filter(isDensitySite)) {
    const logProb = siteLogProb({ ...site, scale: 1 });
    if (isEnumerated(site, logProb)) enumerated.push({ site, factor: pack(site, logProb) });
  }
  const connected = components(enumerated);
  connected.forEach((component) => commonScale(component.map(({ site }) => site)));
  const latents = trace.sampleSites.flatMap((site): DiscreteLatent[] => {
    const variable = site.enumeration?.own?.variable;
    return variable === undefined
      ? []
      : [{ site, variable, batchShape: batchShapes.get(site.name) ?? site.fn.batchShape }];
  });
  const byName = new Map(latents.map((latent) => [latent.site.name, latent]));
  const inSteps = [...scanned].map((name): DiscreteSites => {
    const [length, ...batchShape] = batchShapes.get(name) as Shape;
    const steps = Array.from({ length }, (_, step) => nameInStep(name, step));
    const own = steps.flatMap((step) => byName.get(step) ?? []);
    return { name, isScanned: true, latents: own.map((latent) => ({ ...latent, batchShape })) };
  });
  const taken = new Set(inSteps.flatMap((site) => site.latents.map(({ variable }) => variable)));
  const single = latents
    .filter(({ variable }) => !taken.has(variable))
    .map((latent): DiscreteSites => ({ name: latent.site.name, isScanned: false, latents: [latent] }));
  const sites = [...single, ...inSteps];
  return { trace, sites, components: connected };
}

/**
 * @param left what is left of a component without its variables
 * @throws {EnumerationError} if no joint value of the sites is possible; unseen while a program is traced
 */
export function refuseImpossible(component: readonly SiteFactor[], left: readonly SummedFactor[]): void {
  const isFine = ({ tensor }: SummedFactor): boolean =>
    !isConcrete(tensor) || tensor.dataSync().every((x) => x > -Infinity);
  if (left.every(isFine)) return;
  const names = component.map(({ site }) => `'${site.name}'`);
  const list = names.length > 8 ? `${names.slice(0, 8).join(', ')}, …` : names.join(', ');
  throw new EnumerationError(
    `the density is 0 or NaN for every value of the discrete sites, so that none can be inferred; it has the factors ${list}`,
    'look for observations outside of the support, for probabilities that are exactly 0, and for NaN in the values given.',
    component[0].site.name,
  );
}

function notGiven({ name: site, fn }: SampleMessage): EnumerationError {
  return new EnumerationError(
    `the site is latent, nothing gives it a value, and the values of ${fn.toString()} cannot be listed: discrete sites are inferred given all others`,
    `give it a value: handlers.substitute(model, { data: { ${site}: … } }), posteriorSamples of Predictive, or obs` +
      (fn.isDiscrete ? '; or truncate it to finitely many values with a Categorical.' : '.'),
    site,
  );
}

function nothingToInfer(): EnumerationError {
  return new EnumerationError(
    'the model has no discrete latent site without a value, so that there is nothing to infer',
    'leave obs and given values out of the sites to be inferred; run the model as it is if it has none.',
  );
}

/** What belongs to a site, the steps of a scan stacked. */
export function bySite(
  { sites }: EnumeratedRun,
  read: (latent: DiscreteLatent) => tf.Tensor,
): Record<string, tf.Tensor> {
  return Object.fromEntries(
    sites.map(({ name, isScanned, latents }) => {
      const own = latents.map(read);
      return [name, isScanned ? tf.stack(own) : own[0]];
    }),
  );
}
