/** Monte Carlo standard errors. NaN for NaN draws and for fewer than 4 draws in a chain. */
import { betaQuantile } from './beta-quantile';
import { type Chains, isUsable, mapDraws, pool } from './chains';
import { essMean, essQuantile } from './ess';
import { mean, standardDeviation } from './moments';

/** Standard error of the posterior mean: sd / √ESS. */
export function mcseMean(chains: Chains): number {
  return standardDeviation(pool(chains)) / Math.sqrt(essMean(chains));
}

/** Standard error of the posterior standard deviation: delta method on the mean squared deviation. */
export function mcseSd(chains: Chains): number {
  const center = mean(pool(chains));
  const squares = mapDraws(chains, (x) => (x - center) ** 2);
  const pooled = pool(squares);
  const second = mean(pooled);
  const fourth = mean(pooled.map((x) => x * x));
  return Math.sqrt((fourth - second * second) / essMean(squares) / second / 4);
}

// Φ(−1) and Φ(1): the interval of one standard error on either side.
const oneBelow = 0.15865525393145705;
const oneAbove = 1 - oneBelow;

/**
 * Standard error of a quantile: half the distance of the order statistics at the ∓1 sd quantiles of
 * Beta(ESS·p + 1, ESS·(1 − p) + 1) (Vehtari et al. 2021, section 4.4).
 */
export function mcseQuantile(chains: Chains, probability: number): number {
  if (!isUsable(chains)) return NaN;
  const ess = essQuantile(chains, probability);
  const sorted = pool(chains).sort();
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
