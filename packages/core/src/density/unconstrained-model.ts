/** A model and its arguments as a log density on ℝⁿ. */
import { withinSupport } from '@pyro-ts/distributions';
import { lift, scoped, tf, toNdArray, type NdArray, type TensorLike } from '@pyro-ts/ops';
import type { SiteData } from '../handlers/data';
import { substitute } from '../handlers/substitute';
import { trace } from '../handlers/trace';
import type { Model } from '../model';
import { siteLogProb } from '../trace/log-prob';
import { isDensitySite, type DensitySite } from '../trace/site';
import type { Trace } from '../trace/trace';
import { checkLength, coordinates } from './coordinates';
import { findLayout, type Layout } from './layout';
import { offenderOf } from './offender';
import { transformsOf } from './many-points';
import { unconstrained } from './unconstrain-handler';
import { unconstrainValues } from './unconstrain-values';
import { withoutValidation, withValidation } from './validation';

export type SiteValuesByName = Readonly<Record<string, NdArray>>;

/** One term of a log density, in nats. */
export interface DensityTerm {
  readonly site: string;
  /** Summed over the site, masks and scales applied. */
  readonly logProb: number;
  /** log |det ∂x/∂u| of a latent site; 0 otherwise. */
  readonly logJacobian: number;
  /** The first element without a finite log density: `Infinity at index [1] of shape [3]`. */
  readonly offender?: string | undefined;
}

/** A model's latent sites flattened into a vector q of unconstrained coordinates. Holds no tensors. */
export interface UnconstrainedModel extends Layout {
  /**
   * log p(latents, observations) + log |det ∂ latents / ∂q|, nats, all constants kept. Traceable: reads no value.
   * @param q shape [dim]
   * @returns a scalar
   */
  readonly logDensity: (q: tf.Tensor) => tf.Tensor;
  /** The same, term by term, as numbers. With `validate`, arguments are checked on the way. */
  terms(q: Float64Array, options?: { readonly validate?: boolean }): readonly DensityTerm[];
  /** Latent and deterministic sites at q. Traceable: reads no value. */
  sitesAt(q: tf.Tensor): Readonly<Record<string, tf.Tensor>>;
  /** Latent sites in their own space. */
  constrain(q: Float64Array): SiteValuesByName;
  /**
   * Coordinates of latent values.
   * @throws {LatentSiteError} if a site has no value or its shape does not fit
   */
  unconstrain(values: Readonly<Record<string, TensorLike>>): Float64Array;
  /** Latent and deterministic sites. */
  postprocess(q: Float64Array): SiteValuesByName;
  /**
   * `postprocess` for many points at once, if the model has no deterministic sites and the supports do not depend on
   * other sites; otherwise undefined.
   * @param points [count, dim] row-major
   * @returns site → [count, ...shape]
   */
  constrainMany(points: Float64Array): SiteValuesByName | undefined;
}

export interface UnconstrainOptions {
  /** Values of `param` sites (constrained space); without, they have their initial values. */
  readonly params?: SiteData | undefined;
  /** How the sites of a run make up the log joint density. Default: each is a term of its own. */
  readonly joint?: JointDensity | undefined;
}

/** A term of a log joint density: that of one site, or of several whose enumerated ones are summed out. */
export interface JointTerm {
  readonly sites: readonly DensitySite[];
  /** Nats, shape [...batch] for a single site; its sum counts. */
  readonly logProb: tf.Tensor;
}

/** Traceable. `logProb` gives the log density of a site, masks and scales applied. */
export type JointDensity = (
  sites: readonly DensitySite[],
  logProb: (site: DensitySite) => tf.Tensor,
) => readonly JointTerm[];

/**
 * @throws {LatentSiteError} on discrete latent sites, subsampled plates, a model without latent sites
 */
export function unconstrainModel<Args extends unknown[]>(
  model: Model<Args>,
  args: Args,
  { params = {}, joint = separately }: UnconstrainOptions = {},
): UnconstrainedModel {
  const fixed = substitute(model, { data: params });
  const layout = findLayout(fixed, args);

  const run = (q: tf.Tensor): { trace: Trace; jacobians: ReadonlyMap<string, tf.Tensor> } => {
    const jacobians = new Map<string, tf.Tensor>();
    const source = coordinates(layout, q);
    return { trace: trace(unconstrained(fixed, source, jacobians)).getTrace(...args), jacobians };
  };
  const termsOf = (found: Trace, jacobians: ReadonlyMap<string, tf.Tensor>): readonly JointTerm[] =>
    joint([...found.sites.values()].filter(isDensitySite), (site) =>
      siteDensity(site, jacobians.has(site.name)),
    );
  /** Runs at a point given as numbers and reads what `read` returns. */
  const at = <T>(q: Float64Array, validate: boolean, read: (result: ReturnType<typeof run>) => T): T =>
    scoped(() => withValidation(validate, () => read(run(lift(checkLength(q, layout))))));

  const values = (q: Float64Array, deterministic: boolean): SiteValuesByName =>
    at(q, false, ({ trace: found }) => {
      const latent = layout.sites.map(({ name }) => [name, toNdArray(found.value(name))] as const);
      return Object.fromEntries([...latent, ...(deterministic ? deterministicSites(found) : [])]);
    });

  return {
    ...layout,
    logDensity: (q) =>
      withoutValidation(() => {
        const { trace: found, jacobians } = run(q);
        const terms = termsOf(found, jacobians).map(({ logProb }) => sumAll(logProb));
        return [...terms, ...jacobians.values()].reduce((sum, term) => tf.add(sum, term));
      }),
    terms: (q, { validate = false } = {}) =>
      at(q, validate, ({ trace: found, jacobians }) =>
        termsOf(found, jacobians).flatMap(({ sites, logProb }) => {
          const isJoint = sites.length > 1 || sites[0].enumeration?.own !== undefined;
          const value = tf.sum(logProb).dataSync()[0];
          return sites.map((site, i) => ({
            site: site.name,
            logProb: i === 0 ? value : 0,
            logJacobian: jacobians.get(site.name)?.dataSync()[0] ?? 0,
            offender: isJoint ? undefined : offenderOf(site, logProb),
          }));
        }),
      ),
    sitesAt: (q) =>
      withoutValidation(() => {
        const { trace: found } = run(q);
        const sites = [...found.sites.values()].filter(
          ({ kind, name }) => kind === 'deterministic' || layout.sites.some((site) => site.name === name),
        );
        return Object.fromEntries(sites.map(({ name }) => [name, found.value(name)]));
      }),
    constrain: (q) => values(q, false),
    postprocess: (q) => values(q, true),
    unconstrain: (given) => unconstrainValues(fixed, args, layout, given),
    constrainMany(points) {
      const count = points.length / layout.dim;
      if (count === 0 || !layout.sites.every((site) => site.isStatic)) return undefined;
      const isPlain = at(
        points.subarray(0, layout.dim),
        false,
        (r) => deterministicSites(r.trace).length === 0,
      );
      return isPlain ? transformsOf(fixed, args, layout)(points, count) : undefined;
    },
  };
}

const separately: JointDensity = (sites, logProb) =>
  sites.map((site) => ({ sites: [site], logProb: logProb(site) }));

/** One site's part of the density. A free site's value comes from its support: no need to ask. */
function siteDensity(site: DensitySite, isFreeSite: boolean): tf.Tensor {
  return isFreeSite && site.kind === 'sample'
    ? withinSupport(site.value, () => siteLogProb(site))
    : siteLogProb(site);
}

const sumAll = (x: tf.Tensor): tf.Tensor => (x.rank === 0 ? x : tf.sum(x));

function deterministicSites(found: Trace): (readonly [string, NdArray])[] {
  return [...found.sites.values()]
    .filter((site) => site.kind === 'deterministic')
    .map((site) => [site.name, toNdArray(site.value)] as const);
}
