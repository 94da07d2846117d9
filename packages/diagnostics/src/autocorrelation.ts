/** Autocovariance and autocorrelation of one chain, by FFT. */
import { fft } from './fft';
import { mean } from './moments';

/**
 * Autocovariance at lags 0 … n − 1, every lag divided by n (the biased estimate, whose spectrum is nonnegative).
 * @param values one chain of n draws
 */
export function autocovariance(values: ArrayLike<number>): Float64Array {
  const n = values.length;
  const padded = 2 ** Math.ceil(Math.log2(Math.max(2 * n, 2)));
  const re = new Float64Array(padded);
  const im = new Float64Array(padded);
  const center = mean(values);
  for (let i = 0; i < n; i++) re[i] = values[i] - center;
  fft(re, im);
  for (let i = 0; i < padded; i++) {
    re[i] = re[i] ** 2 + im[i] ** 2;
    im[i] = 0;
  }
  // The spectrum is real and even: its forward transform is its inverse times the length.
  fft(re, im);
  return re.slice(0, n).map((x) => x / (padded * n));
}

/** Up to here products cost less than a transform. */
const directLags = 32;

/** The same lag by lag, as they are asked for: the first ones as plain sums, all at once from lag 32 on. */
export function lazyAutocovariance(values: ArrayLike<number>): (lag: number) => number {
  const n = values.length;
  const center = mean(values);
  const centred = new Float64Array(n);
  for (let i = 0; i < n; i++) centred[i] = values[i] - center;
  let all: Float64Array | undefined;
  return (lag) => {
    if (lag >= directLags) return (all ??= autocovariance(values))[lag];
    let sum = 0;
    for (let i = lag; i < n; i++) sum += centred[i] * centred[i - lag];
    return sum / n;
  };
}

/** Autocovariance over its value at lag 0; NaN for a constant chain. */
export function autocorrelation(values: ArrayLike<number>): Float64Array {
  const covariance = autocovariance(values);
  return covariance.map((x) => x / covariance[0]);
}
