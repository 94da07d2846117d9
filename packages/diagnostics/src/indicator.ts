/** Autocovariances of draws that are 0 or 1: whether a draw is below a bound. */
import { centered, meanAutocovariance } from './autocorrelation';
import type { Autocovariances } from './geyer';
import { variance } from './moments';

/** Up to here counting costs less than a transform, however long the chains are. */
const countedLags = 512;

/**
 * Products of zeros and ones are counted, 32 at a time: Σ (xᵢ − m)(xᵢ₋ₗ − m) is the number of common ones, less m times
 * the ones among the last and among the first n − l, plus (n − l) m². Zeros and ones may change places.
 * @param members places of the ones in [count, length]
 */
export function indicatorAutocovariances(
  members: Int32Array,
  count: number,
  length: number,
): Autocovariances {
  // One word more: shifting reads it.
  const width = Math.ceil(length / 32) + 1;
  const bits = new Int32Array(count * width);
  for (let k = 0; k < members.length; k++) {
    const chain = Math.floor(members[k] / length);
    const i = members[k] - chain * length;
    bits[chain * width + (i >>> 5)] |= 1 << (i & 31);
  }
  /** Of each chain, ones before each word. */
  const ones = new Int32Array(count * width);
  const means = new Float64Array(count);
  for (let c = 0; c < count; c++) {
    let sum = 0;
    for (let w = c * width; w < (c + 1) * width; w++) {
      ones[w] = sum;
      sum += populationCount(bits[w]);
    }
    means[c] = sum / length;
  }
  /** Of a chain, ones before a draw. */
  const onesBefore = (chain: number, i: number): number => {
    const word = chain * width + (i >>> 5);
    return ones[word] + populationCount(bits[word] & ((1 << (i & 31)) - 1));
  };

  const counted = (lag: number): number => {
    let total = 0;
    for (let c = 0; c < count; c++) {
      const common = commonOnes(bits, c * width, width - 1, lag);
      const ends = onesBefore(c, length) - onesBefore(c, lag) + onesBefore(c, length - lag);
      total += common - means[c] * ends + (length - lag) * means[c] ** 2;
    }
    return total / (length * count);
  };
  let all: Float64Array | undefined;
  const transformed = (): Float64Array => {
    const values = new Float64Array(count * length);
    for (const member of members) values[member] = 1;
    return meanAutocovariance(centered({ values, count, length }, means));
  };
  const at = (lag: number): number => (lag < countedLags ? counted(lag) : (all ??= transformed())[lag]);
  return { count, length, at, varianceOfMeans: variance(means) };
}

/** Ones that are `lag` after a one, in a row of bits that ends with a word of zeros. */
function commonOnes(bits: Int32Array, start: number, width: number, lag: number): number {
  const words = lag >>> 5;
  const shift = lag & 31;
  let sum = 0;
  for (let w = 0; w + words < width; w++) {
    const at = start + w + words;
    // A shift by 32 would be one by 0.
    const later = shift === 0 ? bits[at] : (bits[at] >>> shift) | (bits[at + 1] << (32 - shift));
    sum += populationCount(bits[start + w] & later);
  }
  return sum;
}

/** Ones among 32 bits: sums of neighbours, then of pairs, fours, and bytes. */
function populationCount(word: number): number {
  let x = word - ((word >>> 1) & 0x55555555);
  x = (x & 0x33333333) + ((x >>> 2) & 0x33333333);
  x = (x + (x >>> 4)) & 0x0f0f0f0f;
  return Math.imul(x, 0x01010101) >>> 24;
}
