/** Effective sample size of the mean of the chains as they stand. */
import { lazyAutocovariance } from './autocorrelation';
import { type Chains, drawCount } from './chains';
import { mean, variance } from './moments';

/** Autocorrelation at each lag, all chains combined (Vehtari et al. 2021, equation 10). */
function combinedAutocorrelation(chains: Chains): (lag: number) => number {
  const n = drawCount(chains);
  const covariances = chains.map(lazyAutocovariance);
  const at = (lag: number): number => mean(covariances.map((c) => c(lag)));
  const variances = at(0);
  const within = (variances * n) / (n - 1);
  const total = variances + (chains.length > 1 ? variance(chains.map(mean)) : 0);
  return (lag) => 1 - (within - at(lag)) / total;
}

/**
 * Number of independent draws whose mean is as precise: draws / τ, with the autocorrelation time τ from Geyer's
 * (1992) initial monotone sequence of pair sums, as Stan does it: sums of lags (2k, 2k+1) are taken while positive,
 * the even lag after the last pair is added if positive, and τ ≥ 1/log10(draws), which lets antithetic chains count
 * for more than their length, within reason. All draws if they are all equal; NaN if one is NaN.
 */
export function geyerEss(chains: Chains): number {
  const n = drawCount(chains);
  const count = n * chains.length;
  let isConstant = true;
  for (const chain of chains) {
    for (let i = 0; i < n; i++) {
      if (Number.isNaN(chain[i])) return NaN;
      isConstant &&= chain[i] === chains[0][0];
    }
  }
  if (isConstant) return count;

  const rho = combinedAutocorrelation(chains);
  const pairs: number[] = [];
  let even = 1;
  let pair = 1 + rho(1);
  let lag = 1;
  while (lag < n - 3 && pair > 0) {
    pairs.push(pair);
    even = rho(lag + 1);
    pair = even + rho(lag + 2);
    lag += 2;
  }
  const leftOver = pair >= 0 || even > 0 ? even : 0;

  let time = -1 + leftOver;
  let smallest = Infinity;
  for (const sum of pairs) {
    smallest = Math.min(smallest, sum);
    time += 2 * smallest;
  }
  return count / Math.max(time, 1 / Math.log10(count));
}
