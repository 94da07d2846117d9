/** Autocovariance and autocorrelation. */
import { fft } from './fft';
import { mean } from './moments';
import { rowAt, type Rows } from './rows';

/**
 * Autocovariance at lags 0 … n − 1, every lag divided by n (the biased estimate, whose spectrum is nonnegative).
 * @param values one chain of n draws
 */
export function autocovariance(values: ArrayLike<number>): Float64Array {
  const chain = { values: Float64Array.from(values), count: 1, length: values.length };
  return meanAutocovariance(centered(chain, Float64Array.of(mean(values))));
}

/** Autocovariance over its value at lag 0; NaN for a constant chain. */
export function autocorrelation(values: ArrayLike<number>): Float64Array {
  const covariance = autocovariance(values);
  return covariance.map((x) => x / covariance[0]);
}

/** Every row less its mean. */
export function centered(rows: Rows, means: Float64Array): Rows {
  const { values, count, length } = rows;
  const moved = new Float64Array(values.length);
  for (let c = 0; c < count; c++)
    for (let i = c * length; i < (c + 1) * length; i++) moved[i] = values[i] - means[c];
  return { values: moved, count, length };
}

/**
 * The mean over the rows of their autocovariances, at all lags: from the mean of their spectra. Two rows are transformed
 * at a time, as real and imaginary part.
 * @param rows centred
 */
export function meanAutocovariance(rows: Rows): Float64Array {
  const { count, length } = rows;
  const padded = 2 ** Math.ceil(Math.log2(Math.max(2 * length, 2)));
  const power = new Float64Array(padded);
  const [re, im] = [new Float64Array(padded), new Float64Array(padded)];
  for (let c = 0; c < count; c += 2) {
    re.fill(0).set(rowAt(rows, c));
    im.fill(0);
    if (c + 1 < count) im.set(rowAt(rows, c + 1));
    fft(re, im);
    for (let k = 0; k < padded; k++) power[k] += re[k] ** 2 + im[k] ** 2;
  }
  // |X|² + |Y|² of two real rows is the even part of |X + iY|².
  for (let k = 0; k < padded; k++) re[k] = (power[k] + power[(padded - k) % padded]) / 2;
  // The spectrum is real and even: its forward transform is its inverse times the length.
  fft(re, im.fill(0));
  const scale = 1 / (padded * length * count);
  return re.slice(0, length).map((x) => x * scale);
}

/** Up to here products cost less than a transform. */
const directLags = 32;

/**
 * The same lag by lag, as they are asked for: the first ones as plain sums, all at once from lag 32 on.
 * @param rows centred
 */
export function lazyAutocovariance(rows: Rows): (lag: number) => number {
  let all: Float64Array | undefined;
  const direct = new Float64Array(directLags).fill(NaN);
  return (lag) => {
    if (lag >= directLags) return (all ??= meanAutocovariance(rows))[lag];
    if (Number.isNaN(direct[lag])) sumTwoLags(rows, lag & ~1, direct);
    return direct[lag];
  };
}

/**
 * Writes the mean autocovariances at an even lag and the next one. Both at a time, and two products of each: one sum
 * would wait for itself at every addition.
 */
function sumTwoLags({ values, count, length }: Rows, lag: number, out: Float64Array): void {
  let [even, odd, even2, odd2] = [0, 0, 0, 0];
  for (let c = 0; c < count; c++) {
    const end = (c + 1) * length;
    let i = c * length + lag;
    let before = 0;
    for (; i + 1 < end; i += 2) {
      const x = values[i];
      const y = values[i + 1];
      const back = values[i - lag];
      const next = values[i - lag + 1];
      even += x * back;
      odd += x * before;
      even2 += y * next;
      odd2 += y * back;
      before = next;
    }
    if (i < end) {
      even += values[i] * values[i - lag];
      odd += values[i] * before;
    }
  }
  out[lag] = (even + even2) / (length * count);
  out[lag + 1] = (odd + odd2) / (length * count);
}
