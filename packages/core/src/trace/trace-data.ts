/** A trace as plain data, for files and other processes. */
import { allocate, sizeOf, type NdArray, type Shape } from '@pyro-ts/ops';
import { siteData } from './detach';
import type { Site } from './site';

/** Numbers that JSON lacks are written as text. */
export type JsonNumber = number | 'NaN' | 'Infinity' | '-Infinity';

export interface SiteJson {
  readonly kind: Site['kind'];
  readonly isObserved?: boolean;
  readonly distribution?: string;
  readonly plates: readonly string[];
  readonly value?: {
    readonly shape: Shape;
    readonly dtype: NdArray['dtype'];
    readonly data: readonly JsonNumber[];
  };
}

/** Values, not densities: enough to `condition` on, `substitute` or `replay` by name. */
export interface TraceJson {
  readonly version: 1;
  readonly sites: Readonly<Record<string, SiteJson>>;
}

export function siteToJson(site: Site): SiteJson {
  const value = siteData(site);
  return {
    kind: site.kind,
    ...(site.kind === 'sample' ? { isObserved: site.isObserved, distribution: site.fn.toString() } : {}),
    plates: site.condIndepStack.map((frame) => frame.name),
    ...(value === undefined
      ? {}
      : { value: { shape: value.shape, dtype: value.dtype, data: Array.from(value.data, toJsonNumber) } }),
  };
}

function toJsonNumber(x: number): JsonNumber {
  return Number.isFinite(x) ? x : (String(x) as JsonNumber);
}

/** The values in a trace's JSON, for `condition`, `substitute` or `do`. */
export function valuesFromJson({ sites }: TraceJson): Readonly<Record<string, NdArray>> {
  const values: Record<string, NdArray> = {};
  for (const [name, { value }] of Object.entries(sites)) {
    if (value === undefined) continue;
    const data = allocate(value.dtype, sizeOf(value.shape));
    data.set(value.data.map(Number));
    values[name] = { data, shape: value.shape, dtype: value.dtype };
  }
  return values;
}
