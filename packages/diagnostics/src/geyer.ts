/** Effective sample size of the mean of the chains as they stand. */
import { centered, lazyAutocovariance } from './autocorrelation';
import { mean, variance } from './moments';
import { hasNaN, rowAt, type Rows } from './rows';

/** Mean autocovariance of the chains by lag, and the variance of their means. */
export interface Autocovariances {
  readonly count: number;
  readonly length: number;
  /** With divisor n. */
  readonly at: (lag: number) => number;
  readonly varianceOfMeans: number;
}

/** ESS of the mean; all draws if they are all equal; NaN if one is NaN. */
export function geyerEss(rows: Rows): number {
  const { values, count, length } = rows;
  if (hasNaN(values)) return NaN;
  if (isConstant(values)) return values.length;
  const means = new Float64Array(count);
  for (let c = 0; c < count; c++) means[c] = mean(rowAt(rows, c));
  const at = lazyAutocovariance(centered(rows, means));
  return essOfAutocovariances({ count, length, at, varianceOfMeans: variance(means) });
}

function isConstant(values: Float64Array): boolean {
  for (let i = 1; i < values.length; i++) if (values[i] !== values[0]) return false;
  return true;
}

/**
 * Number of independent draws whose mean is as precise: draws / τ, with the autocorrelation time τ from Geyer's
 * (1992) initial monotone sequence of pair sums, as Stan does it: sums of lags (2k, 2k+1) are taken while positive,
 * the even lag after the last pair is added if positive, and τ ≥ 1/log10(draws), which lets antithetic chains count
 * for more than their length, within reason.
 */
export function essOfAutocovariances({ count, length, at, varianceOfMeans }: Autocovariances): number {
  // Autocorrelation at each lag, all chains combined (Vehtari et al. 2021, equation 10).
  const variances = at(0);
  const within = (variances * length) / (length - 1);
  const total = variances + (count > 1 ? varianceOfMeans : 0);
  const rho = (lag: number): number => 1 - (within - at(lag)) / total;

  let even = 1;
  let pair = 1 + rho(1);
  let lag = 1;
  let smallest = Infinity;
  let time = -1;
  while (lag < length - 3 && pair > 0) {
    smallest = Math.min(smallest, pair);
    time += 2 * smallest;
    even = rho(lag + 1);
    pair = even + rho(lag + 2);
    lag += 2;
  }
  if (pair >= 0 || even > 0) time += even;
  const draws = count * length;
  return draws / Math.max(time, 1 / Math.log10(draws));
}
