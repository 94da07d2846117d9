/** Sites as plain data: tensors become NdArrays and are made again on every access. */
import {
  constraints,
  isConstraint,
  isDistribution,
  isTransform,
  type Distribution,
} from '@pyro-ts/distributions';
import { isNdArray, lift, tf, toNdArray, type NdArray } from '@pyro-ts/ops';
import type { Site } from './site';

/** Told of each tensor that cannot be replaced by data. */
export type Keep = (tensor: tf.Tensor) => void;

/** The data behind a detached field, without making a tensor. */
const dataOf = new WeakMap<object, ReadonlyMap<string, NdArray>>();

/** The numbers of a site's value; reads the tensor if the site is live. */
export function siteData(site: Site): NdArray | undefined {
  const kept = dataOf.get(site);
  if (kept !== undefined) return kept.get('value');
  return site.value instanceof tf.Tensor ? toNdArray(site.value) : undefined;
}

/** A copy whose tensors are accessors that lift the data they had. */
export function detachSite(site: Site, keep: Keep): Site {
  if (dataOf.has(site)) return site;
  const data = new Map<string, NdArray>();
  const copy: Record<string, unknown> = {};
  for (const [field, content] of Object.entries(site)) {
    if (content instanceof tf.Tensor) {
      const kept = toNdArray(content);
      data.set(field, kept);
      Object.defineProperty(copy, field, { enumerable: true, get: () => lift(kept) });
    } else {
      copy[field] = detach(content, keep);
    }
  }
  dataOf.set(copy, data);
  return copy as unknown as Site;
}

/** Tensors anywhere in plain records and lists, and in distributions, as NdArrays. */
export function detach(x: unknown, keep: Keep): unknown {
  if (x instanceof tf.Tensor) return toNdArray(x);
  if (isDistribution(x)) return detachDistribution(x, keep);
  if (isConstraint(x)) return constraints.detachConstraint(x);
  if (isTransform(x)) {
    keepTensors(x, keep);
    return x;
  }
  if (Array.isArray(x)) return x.map((item) => detach(item, keep));
  if (isNdArray(x) || !isRecord(x)) return x;
  return Object.fromEntries(Object.entries(x).map(([name, child]) => [name, detach(child, keep)]));
}

/**
 * A copy of a distribution whose parameters are data: its classes hold parameters as tensors or as data and lift them on
 * use, so that a copy with the other form behaves the same. Transforms close over their arguments: those tensors are kept.
 */
function detachDistribution(fn: Distribution, keep: Keep): Distribution {
  const fields = Object.getOwnPropertyDescriptors(fn) as Record<string, PropertyDescriptor>;
  for (const descriptor of Object.values(fields)) {
    if ('value' in descriptor) descriptor.value = detach(descriptor.value, keep);
  }
  return Object.create(Object.getPrototypeOf(fn) as object, fields) as Distribution;
}

function keepTensors(x: unknown, keep: Keep): void {
  if (x instanceof tf.Tensor) keep(x as tf.Tensor);
  else if (isTransform(x) || isConstraint(x))
    Object.values(x.args).forEach((child) => keepTensors(child, keep));
  else if (Array.isArray(x)) x.forEach((child) => keepTensors(child, keep));
}

function isRecord(x: unknown): x is Readonly<Record<string, unknown>> {
  return typeof x === 'object' && x !== null && Object.getPrototypeOf(x) === Object.prototype;
}
