/** Autocovariances of draws that are 0 or 1: whether a draw is below a bound. */
import { centered, meanAutocovariance } from './autocorrelation';
import type { Autocovariances } from './geyer';
import { variance } from './moments';
import type { Rows } from './rows';

/** Up to here counting costs less than a transform, however long the chains are. */
const countedLags = 512;

/**
 * Products of zeros and ones are counted, 32 at a time: Σ (xᵢ − m)(xᵢ₋ₗ − m) is the number of common ones, less m times
 * the ones among the last and among the first n − l, plus (n − l) m².
 * @returns undefined if the draws are all below the bound, or none
 */
export function indicatorAutocovariances(rows: Rows, bound: number): Autocovariances | undefined {
  const { values, count, length } = rows;
  // One word more: shifting reads it.
  const width = (length + 31 >>> 5) + 1; // prettier-ignore
  const bits = new Uint32Array(count * width);
  /** Of each row, ones before each draw. */
  const ones = new Uint32Array(count * (length + 1));
  const means = new Float64Array(count);
  for (let c = 0; c < count; c++) {
    let [sum, word] = [0, 0];
    for (let i = 0; i < length; i++) {
      const one = values[c * length + i] <= bound ? 1 : 0;
      sum += one;
      word |= one << (i & 31);
      ones[c * (length + 1) + i + 1] = sum;
      if ((i & 31) === 31 || i === length - 1) {
        bits[c * width + (i >>> 5)] = word;
        word = 0;
      }
    }
    means[c] = sum / length;
  }
  if (means.every((m) => m === means[0]) && (means[0] === 0 || means[0] === 1)) return undefined;

  const counted = (lag: number): number => {
    let total = 0;
    for (let c = 0; c < count; c++) {
      const common = commonOnes(bits, c * width, width - 1, lag);
      const first = c * (length + 1);
      const ends = ones[first + length] - ones[first + lag] + ones[first + length - lag];
      total += common - means[c] * ends + (length - lag) * means[c] ** 2;
    }
    return total / (length * count);
  };
  let all: Float64Array | undefined;
  const transformed = (): Float64Array => {
    const indicators = values.map((x) => (x <= bound ? 1 : 0));
    return meanAutocovariance(centered({ values: indicators, count, length }, means));
  };
  const at = (lag: number): number => (lag < countedLags ? counted(lag) : (all ??= transformed())[lag]);
  return { count, length, at, varianceOfMeans: variance(means) };
}

/** Ones that are `lag` after a one, in a row of bits that ends with a word of zeros. */
function commonOnes(bits: Uint32Array, start: number, width: number, lag: number): number {
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
