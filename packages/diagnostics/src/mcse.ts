/** Monte Carlo standard errors. NaN for NaN draws and for fewer than 4 draws in a chain. */
import { betaQuantile } from './beta-quantile';
import type { Chains } from './chains';
import { meanEssOf, quantileEssOf } from './ess';
import { mean, standardDeviation } from './moments';
import { rowsOf, squaredDeviations, type Rows } from './rows';
import { ScalarDraws } from './scalar-draws';

/** Standard error of the posterior mean: sd / √ESS. */
export function mcseMean(chains: Chains): number {
  const rows = rowsOf(chains);
  return mcseMeanOf(rows, standardDeviation(rows.values));
}

/** @param sd of all draws */
export function mcseMeanOf(rows: Rows, sd: number): number {
  return sd / Math.sqrt(meanEssOf(rows));
}

/** Standard error of the posterior standard deviation: delta method on the mean squared deviation. */
export function mcseSd(chains: Chains): number {
  const rows = rowsOf(chains);
  return mcseSdOf(rows, mean(rows.values));
}

/** @param center the mean of all draws */
export function mcseSdOf(rows: Rows, center: number): number {
  const squares = squaredDeviations(rows, center);
  const second = mean(squares.values);
  const fourth = mean(squares.values.map((x) => x * x));
  return Math.sqrt((fourth - second * second) / meanEssOf(squares) / second / 4);
}

// Φ(−1) and Φ(1): the interval of one standard error on either side.
const oneBelow = 0.15865525393145705;
const oneAbove = 1 - oneBelow;

/**
 * Standard error of a quantile: half the distance of the order statistics at the ∓1 sd quantiles of
 * Beta(ESS·p + 1, ESS·(1 − p) + 1) (Vehtari et al. 2021, section 4.4).
 */
export function mcseQuantile(chains: Chains, probability: number): number {
  const rows = rowsOf(chains);
  const draws = new ScalarDraws(rows);
  if (!draws.isUsable) return NaN;
  const [ess] = quantileEssOf(draws, [probability]);
  const sorted = rows.values.slice().sort();
  const a = ess * probability + 1;
  const b = ess * (1 - probability) + 1;
  const last = sorted.length - 1;
  const below = Math.max(Math.floor(betaQuantile(a, b, oneBelow) * sorted.length - 1), 0);
  const above = Math.min(Math.ceil(betaQuantile(a, b, oneAbove) * sorted.length - 1), last);
  return (sorted[above] - sorted[below]) / 2;
}

/** Standard error of the median. */
export function mcseMedian(chains: Chains): number {
  return mcseQuantile(chains, 0.5);
}
