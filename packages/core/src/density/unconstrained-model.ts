/** A model and its arguments as a log density on ℝⁿ. */
import { bijectTo, withinSupport, type Distribution } from '@pyro-ts/distributions';
import { lift, scoped, sizeOf, tf, toNdArray, withLabel, type NdArray, type TensorLike } from '@pyro-ts/ops';
import { LatentSiteError } from '../errors';
import type { SiteData } from '../handlers/data';
import { substitute } from '../handlers/substitute';
import { trace } from '../handlers/trace';
import type { Model } from '../model';
import { withHandler } from '../stack/handler';
import { siteLogProb } from '../trace/log-prob';
import { isDensitySite, type DensitySite } from '../trace/site';
import type { Trace } from '../trace/trace';
import { findLayout, type LatentSite, type Layout } from './layout';
import { isFree, unconstrained, type UnconstrainedSource } from './unconstrain-handler';
import { withoutValidation, withValidation } from './validation';

export type SiteValuesByName = Readonly<Record<string, NdArray>>;

/** One term of a log density, in nats. */
export interface DensityTerm {
  readonly site: string;
  /** Summed over the site, masks and scales applied. */
  readonly logProb: number;
  /** log |det ∂x/∂u| of a latent site; 0 otherwise. */
  readonly logJacobian: number;
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
}

/**
 * @throws {LatentSiteError} on discrete latent sites, subsampled plates, a model without latent sites
 */
export function unconstrainModel<Args extends unknown[]>(
  model: Model<Args>,
  args: Args,
  { params = {} }: UnconstrainOptions = {},
): UnconstrainedModel {
  const fixed = substitute(model, { data: params });
  const layout = findLayout(fixed, args);

  const run = (q: tf.Tensor): { trace: Trace; jacobians: ReadonlyMap<string, tf.Tensor> } => {
    const jacobians = new Map<string, tf.Tensor>();
    const source = coordinates(layout, q);
    return { trace: trace(unconstrained(fixed, source, jacobians)).getTrace(...args), jacobians };
  };
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
        const sites = [...found.sites.values()].filter(isDensitySite);
        const terms = sites.map((site) => densityTerm(site, jacobians.has(site.name)));
        return [...terms, ...jacobians.values()].reduce((sum, term) => tf.add(sum, term));
      }),
    terms: (q, { validate = false } = {}) =>
      at(q, validate, ({ trace: found, jacobians }) =>
        [...found.sites.values()].filter(isDensitySite).map((site) => ({
          site: site.name,
          logProb: tf.sum(siteLogProb(site)).dataSync()[0],
          logJacobian: jacobians.get(site.name)?.dataSync()[0] ?? 0,
        })),
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

/** One site's part of the density, a scalar. A free site's value comes from its support: no need to ask. */
function densityTerm(site: DensitySite, isFreeSite: boolean): tf.Tensor {
  const logProb =
    isFreeSite && site.kind === 'sample'
      ? withinSupport(site.value, () => siteLogProb(site))
      : siteLogProb(site);
  return logProb.rank === 0 ? logProb : tf.sum(logProb);
}

function checkLength(q: Float64Array, { dim, sites }: Layout): Float64Array {
  if (q.length === dim) return q;
  throw new LatentSiteError({
    problem: `a point of length ${q.length} was given; the sites ${sites.map((s) => s.name).join(', ')} have ${dim} coordinates`,
    fix: `pass ${dim} numbers in the order of the sites.`,
  });
}

/** Cuts the flat vector into the sites' values. */
function coordinates({ sites }: Layout, q: tf.Tensor): UnconstrainedSource {
  const present = sites.filter((site) => site.size > 0);
  const sizes = present.map((site) => site.size);
  const pieces = present.length === 1 ? [q] : tf.split(q, sizes);
  const byName = new Map(present.map((site, i) => [site.name, pieces[i]]));
  return ({ message: { name, condIndepStack }, unconstrainedShape }) => {
    const piece = byName.get(name);
    if (piece?.size === sizeOf(unconstrainedShape)) return tf.reshape(piece, [...unconstrainedShape]);
    const known = sites.find((site) => site.name === name);
    if (known?.size === 0) return tf.zeros([...unconstrainedShape]);
    throw new LatentSiteError({
      site: name,
      problem:
        known === undefined
          ? 'the site was not there in the first run of the model'
          : `the site has ${sizeOf(unconstrainedShape)} coordinates now; it had ${known.size} in the first run of the model`,
      plates: condIndepStack,
      fix: 'let neither the presence nor the shape of a site depend on values or on random choices.',
    });
  };
}

function deterministicSites(found: Trace): (readonly [string, NdArray])[] {
  return [...found.sites.values()]
    .filter((site) => site.kind === 'deterministic')
    .map((site) => [site.name, toNdArray(site.value)] as const);
}

function unconstrainValues<Args extends unknown[]>(
  model: Model<Args>,
  args: Args,
  layout: Layout,
  given: Readonly<Record<string, TensorLike>>,
): Float64Array {
  const q = new Float64Array(layout.dim);
  const source: UnconstrainedSource = ({ message: { name, fn }, transform }) => {
    const site = layout.sites.find((s) => s.name === name) as LatentSite;
    const u = transform.inverse(tf.broadcastTo(valueOf(given, name, fn), [...fn.shape()]));
    q.set(u.dataSync(), site.offset);
    return u;
  };
  scoped(() => {
    withoutValidation(() => unconstrained(model, source)(...args));
  });
  return q;
}

function valueOf(given: Readonly<Record<string, TensorLike>>, name: string, fn: Distribution): tf.Tensor {
  if (!Object.hasOwn(given, name)) {
    throw new LatentSiteError({
      site: name,
      problem: `no value for the site; there are values for ${Object.keys(given).join(', ') || 'none'}`,
      fix: `give '${name}' a value of shape [${fn.shape().join(', ')}] in \`${fn.support.toString()}\`.`,
    });
  }
  return lift(given[name], 'float32');
}

/** All points through the transforms at once: [count, size] → [count, ...shape]. */
function transformsOf<Args extends unknown[]>(
  model: Model<Args>,
  args: Args,
  layout: Layout,
): (points: Float64Array, count: number) => SiteValuesByName {
  return (points, count) =>
    scoped(() => {
      const result: Record<string, NdArray> = {};
      const collect = withHandler(model, () => ({
        process(message) {
          if (!isFree(message)) return;
          const site = layout.sites.find((s) => s.name === message.name) as LatentSite;
          const columns = new Float64Array(count * site.size);
          for (let i = 0; i < count; i++) {
            const start = i * layout.dim + site.offset;
            columns.set(points.subarray(start, start + site.size), i * site.size);
          }
          const shape = [count, ...site.unconstrainedShape];
          const u = lift({ data: columns, shape, dtype: 'float32' });
          result[message.name] = withLabel(message.name, () =>
            toNdArray(bijectTo(message.fn.support).call(u)),
          );
        },
      }));
      withoutValidation(() => {
        unconstrained(collect, coordinates(layout, lift(points.subarray(0, layout.dim))))(...args);
      });
      return result;
    });
}
