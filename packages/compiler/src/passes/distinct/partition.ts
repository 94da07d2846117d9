/** Which elements of an array are the same. */
import type { NumericArray } from '@pyro-ts/ops';

export interface Partition {
  /** The class of each element; classes are numbered as they first occur. */
  readonly classOf: Int32Array;
  /** An element of each class. */
  readonly first: Int32Array;
}

/** Numbers the distinct pairs of words; undefined if there are more than `most`. */
function numberPairs(words: Int32Array, most: number): Partition | undefined {
  const n = words.length / 2;
  const bits = Math.max(4, Math.ceil(Math.log2(4 * most + 4)));
  const slots = new Int32Array(2 ** bits).fill(-1);
  const classOf = new Int32Array(n);
  const first = new Int32Array(most);
  let count = 0;
  for (let i = 0; i < n; i++) {
    const a = words[2 * i];
    const b = words[2 * i + 1];
    // Multiplicative hashing with the golden ratio's bits (Knuth, The Art of Computer Programming 3, 6.4).
    const mixed = Math.imul(Math.imul(a, 0x9e3779b1) ^ b, 0x9e3779b1);
    let slot = Math.imul(mixed ^ (mixed >>> 15), 0x9e3779b1) >>> (32 - bits);
    while (slots[slot] >= 0) {
      const seen = 2 * first[slots[slot]];
      if (words[seen] === a && words[seen + 1] === b) break;
      slot = (slot + 1) & (slots.length - 1);
    }
    if (slots[slot] < 0) {
      if (count === most) return undefined;
      first[count] = i;
      slots[slot] = count++;
    }
    classOf[i] = slots[slot];
  }
  return { classOf, first: first.slice(0, count) };
}

function interleaved(a: NumericArray, b?: NumericArray): Int32Array {
  const words = new Int32Array(2 * a.length);
  for (let i = 0; i < a.length; i++) {
    words[2 * i] = a[i];
    if (b !== undefined) words[2 * i + 1] = b[i];
  }
  return words;
}

/** Elements of one bit pattern are the same: 0 and −0 are not, nor are NaN of different payloads. */
export function partitionOf(data: NumericArray, most: number): Partition | undefined {
  const isFloat = data instanceof Float64Array;
  const words = isFloat ? new Int32Array(data.buffer, data.byteOffset, 2 * data.length) : interleaved(data);
  return numberPairs(words, most);
}

/** Elements are the same where they are in both; one of the two itself if it is as fine. */
export function meet(a: Partition, b: Partition, most: number): Partition | undefined {
  if (a === b || b.first.length === 1) return a;
  if (a.first.length === 1) return b;
  const both = numberPairs(interleaved(a.classOf, b.classOf), most);
  if (both?.first.length === a.first.length) return a;
  return both?.first.length === b.first.length ? b : both;
}

/** One class. */
export const uniform = (n: number): Partition => ({
  classOf: new Int32Array(n),
  first: new Int32Array(Math.min(n, 1)),
});

/** Σ of the weights of each class; the sizes of the classes without weights. */
export function totals({ classOf, first }: Partition, weights?: NumericArray): Float64Array {
  const sums = new Float64Array(first.length);
  for (let i = 0; i < classOf.length; i++) sums[classOf[i]] += weights === undefined ? 1 : weights[i];
  return sums;
}
