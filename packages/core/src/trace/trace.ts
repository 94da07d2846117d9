/** `Trace`: what a run of a model did, site by site. Immutable. */
import { didYouMean, lift, scoped, tf, type NdArray } from '@pyro-ts/ops';
import { UnknownSiteError } from '../errors';
import { detach, detachSite, siteData } from './detach';
import { holdWhileAlive } from './held-tensors';
import { siteLogProb } from './log-prob';
import { siteToJson, type TraceJson } from './trace-data';
import {
  isDensitySite,
  type DensitySite,
  type ParamSite,
  type PlateSite,
  type SampleSite,
  type Site,
} from './site';

/** Traces are recognised by this brand: copies of the package may share a process. */
const traceBrand: unique symbol = Symbol.for('pyro-ts.trace') as never;

export function isTrace(x: unknown): x is Trace {
  return typeof x === 'object' && x !== null && traceBrand in x;
}

export class Trace {
  readonly [traceBrand] = true as const;
  /** In the order in which the run met them. */
  readonly sites: ReadonlyMap<string, Site>;
  /** What the model returned; tensors are NdArrays if the trace holds data. */
  readonly returnValue: unknown;

  private constructor(sites: ReadonlyMap<string, Site>, returnValue: unknown) {
    this.sites = sites;
    this.returnValue = returnValue;
  }

  static of(sites: Iterable<readonly [string, Site]>, returnValue?: unknown): Trace {
    return new Trace(new Map(sites), returnValue);
  }

  /** @throws {UnknownSiteError} */
  site(name: string): Site {
    const site = this.sites.get(name);
    if (site !== undefined) return site;
    const known = [...this.sites.keys()];
    throw new UnknownSiteError({
      site: name,
      problem: `the trace has no such site; it has ${known.join(', ') || 'none'}`,
      fix: didYouMean(name, known) ?? 'use one of those names.',
    });
  }

  /** The value of a site as a tensor. */
  value(name: string): tf.Tensor {
    return this.site(name).value as tf.Tensor;
  }

  /** The value of a site as data. */
  data(name: string): NdArray {
    return siteData(this.site(name)) as NdArray;
  }

  get observedSites(): readonly SampleSite[] {
    return this.sampleSites.filter((site) => site.isObserved);
  }

  get latentSites(): readonly SampleSite[] {
    return this.sampleSites.filter((site) => !site.isObserved);
  }

  get sampleSites(): readonly SampleSite[] {
    return [...this.sites.values()].filter((site) => site.kind === 'sample');
  }

  get paramSites(): readonly ParamSite[] {
    return [...this.sites.values()].filter((site) => site.kind === 'param');
  }

  get plateSites(): readonly PlateSite[] {
    return [...this.sites.values()].filter((site) => site.kind === 'plate');
  }

  /** Log densities by site, in nats, with masks and scales applied. */
  computeLogProb(filter: (site: DensitySite) => boolean = () => true): ReadonlyMap<string, tf.Tensor> {
    const sites = [...this.sites.values()].filter(isDensitySite).filter(filter);
    return scoped((keep) => new Map(sites.map((site) => [site.name, keep(siteLogProb(site))])));
  }

  /** The log joint density in nats, a scalar. */
  logProbSum(filter?: (site: DensitySite) => boolean): tf.Tensor {
    return tf.tidy(() => {
      const terms = [...this.computeLogProb(filter).values()];
      const sums = terms.map((term) => (term.rank === 0 ? term : tf.sum(term)));
      return sums.length === 0 ? lift(0) : sums.reduce((sum, term) => tf.add(sum, term));
    });
  }

  /** A trace with these sites added or replaced. */
  withSites(sites: Iterable<Site>): Trace {
    return new Trace(
      new Map([...this.sites, ...[...sites].map((site) => [site.name, site] as const)]),
      this.returnValue,
    );
  }

  /** The same trace as data: no tensor in it; each access makes one. */
  detach(): Trace {
    const needed: tf.Tensor[] = [];
    const keep = (tensor: tf.Tensor): void => void needed.push(tensor);
    const sites = [...this.sites].map(([name, site]) => [name, detachSite(site, keep)] as const);
    return holdWhileAlive(new Trace(new Map(sites), detach(this.returnValue, keep)), needed);
  }

  /** Plain data: `JSON.stringify(trace)` works. */
  toJSON(): TraceJson {
    const sites = Object.fromEntries([...this.sites].map(([name, site]) => [name, siteToJson(site)]));
    return { version: 1, sites };
  }
}
