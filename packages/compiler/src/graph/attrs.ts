/** Attributes compared and hashed as what they say: NaN equals itself, −0 is not 0. */
import type { Attrs, AttrValue } from '@pyro-ts/ops';

/** One step of a 32-bit FNV-like hash. */
export function mix(hash: number, x: number): number {
  return Math.imul(hash ^ x, 0x01000193);
}

/** Spreads the entropy of the high bits to the low ones (the end of MurmurHash3). */
export function finalized(hash: number): number {
  let h = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}

const float = new Float64Array(1);
const words = new Int32Array(float.buffer);

function hashValue(value: AttrValue, hash: number): number {
  if (typeof value === 'number') {
    if ((value | 0) === value) return mix(hash, value);
    float[0] = value;
    return mix(mix(hash, words[0]), words[1]);
  }
  if (typeof value === 'boolean') return mix(hash, value ? 1 : 2);
  if (typeof value === 'string') {
    let h = hash;
    for (let i = 0; i < value.length; i++) h = mix(h, value.charCodeAt(i));
    return h;
  }
  if (value === null) return mix(hash, 3);
  if (Array.isArray(value)) {
    let h = mix(hash, value.length);
    for (const item of value as readonly AttrValue[]) h = hashValue(item, h);
    return h;
  }
  return hashAttrs(value as Attrs, hash);
}

/** Of the values alone, in their order: names hardly differ between nodes of one kernel. */
export function hashAttrs(attrs: Attrs, hash: number): number {
  let h = hash;
  for (const name in attrs) h = hashValue(attrs[name], h);
  return h;
}

function sameValue(a: AttrValue, b: AttrValue): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  return sameAttrs(a as Attrs, b as Attrs);
}

export function sameAttrs(a: Attrs, b: Attrs): boolean {
  if (a === b) return true;
  const names = Object.keys(a);
  if (names.length !== Object.keys(b).length) return false;
  for (const name of names) if (!(name in b) || !sameValue(a[name], b[name])) return false;
  return true;
}

/** JSON would make ±∞ and NaN one, and lose −0. */
function exact(_name: string, value: unknown): unknown {
  if (typeof value !== 'number' || (Number.isFinite(value) && !Object.is(value, -0))) return value;
  return `#${Object.is(value, -0) ? '-0' : value}`;
}

/** Attributes are immutable and shared from pass to pass, so their text is made once. */
const texts = new WeakMap<Attrs, string>();

/** A key: equal for attributes of the same names in the same order with the same values. */
export function attrsKey(attrs: Attrs): string {
  let text = texts.get(attrs);
  if (text === undefined) texts.set(attrs, (text = JSON.stringify(attrs, exact)));
  return text;
}
