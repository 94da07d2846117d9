/** Sites as plain data: tensors become NdArrays and are made again on every access. */
import { isDistribution, type Distribution } from '@pyro-ts/distributions';
import { lift, tf, toNdArray, type NdArray } from '@pyro-ts/ops';
import type { Site } from './site';

/** The data behind a detached field, without making a tensor. */
const dataOf = new WeakMap<object, ReadonlyMap<string, NdArray>>();

/** The numbers of a site's value; reads the tensor if the site is live. */
export function siteData(site: Site): NdArray | undefined {
  const kept = dataOf.get(site)?.get('value');
  if (kept !== undefined) return kept;
  return site.value instanceof tf.Tensor ? toNdArray(site.value) : undefined;
}

/** A copy whose tensors are accessors that lift the data they had. */
export function detachSite(site: Site): Site {
  if (dataOf.has(site)) return site;
  const data = new Map<string, NdArray>();
  const copy: Record<string, unknown> = {};
  for (const [field, content] of Object.entries(site)) {
    if (content instanceof tf.Tensor) {
      const kept = toNdArray(content);
      data.set(field, kept);
      Object.defineProperty(copy, field, { enumerable: true, get: () => lift(kept) });
    } else {
      copy[field] = detach(content);
    }
  }
  dataOf.set(copy, data);
  return copy as unknown as Site;
}

/** Tensors anywhere in plain records and lists, and in distributions, as NdArrays. */
export function detach(x: unknown): unknown {
  if (x instanceof tf.Tensor) return toNdArray(x);
  if (isDistribution(x)) return detachDistribution(x);
  if (Array.isArray(x)) return x.map(detach);
  if (typeof x !== 'object' || x === null || Object.getPrototypeOf(x) !== Object.prototype) return x;
  return Object.fromEntries(Object.entries(x).map(([name, child]) => [name, detach(child)]));
}
function detachDistribution(fn: Distribution): Distribution {
  return fn;
}
