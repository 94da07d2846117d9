/** Attributes as plain data: what tfjs passes to a kernel may hold typed arrays and undefined fields. */
import type { Attrs, AttrValue } from '@pyro-ts/ops';

function plain(value: unknown): AttrValue {
  if (value === null || typeof value === 'number' || typeof value === 'string' || typeof value === 'boolean')
    return value;
  if (Array.isArray(value)) return value.map(plain);
  if (ArrayBuffer.isView(value)) return Array.from(value as unknown as ArrayLike<number>);
  if (typeof value === 'object' && value !== undefined) return plainRecord(value as Record<string, unknown>);
  throw new TypeError(`internal: a kernel attribute of type ${typeof value} cannot be part of a graph`);
}

function plainRecord(record: Readonly<Record<string, unknown>>): Attrs {
  const copy: Record<string, AttrValue> = {};
  for (const name of Object.keys(record)) if (record[name] !== undefined) copy[name] = plain(record[name]);
  return copy;
}

/** A deep copy without undefined fields. */
export function plainAttrs(attrs: object | undefined): Attrs {
  return attrs === undefined ? {} : plainRecord(attrs as Record<string, unknown>);
}
