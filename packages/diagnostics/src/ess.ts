/** Effective sample sizes (Vehtari et al. 2021). NaN for NaN draws and for fewer than 4 draws in a chain. */
import { type Chains, isUsable, mapDraws, pool, splitChains } from './chains';
import { geyerEss } from './geyer';
import { mean } from './moments';
import { ScalarDraws } from './scalar-draws';

/** ESS of the mean of the whole chains, neither split nor ranked (Pyro's and NumPyro's `effective_sample_size`). */
export function effectiveSampleSize(chains: Chains): number {
  return isUsable(chains) ? geyerEss(chains) : NaN;
}

/** ESS of the mean, from split chains. */
export function essMean(chains: Chains): number {
  return isUsable(chains) ? geyerEss(splitChains(chains)) : NaN;
}

/** ESS of the standard deviation: of the squared deviations from the mean. */
export function essSd(chains: Chains): number {
  const center = mean(pool(chains));
  return essMean(mapDraws(chains, (x) => (x - center) ** 2));
}

/** ESS of a quantile: of the indicator x ≤ quantile. */
export function essQuantile(chains: Chains, probability: number): number {
  return essOfQuantiles(new ScalarDraws(chains), [probability])[0];
}

function essOfQuantiles(draws: ScalarDraws, probabilities: readonly number[]): number[] {
  if (!draws.isUsable) return probabilities.map(() => NaN);
  return draws
    .quantiles(probabilities)
    .map((bound) => geyerEss(mapDraws(draws.halves, (x) => (x <= bound ? 1 : 0))));
}

/** ESS of the median. */
export function essMedian(chains: Chains): number {
  return essQuantile(chains, 0.5);
}

/** Bulk ESS: of the mean of the rank-normalised split chains. Aim for 100 a chain. */
export function essBulk(chains: Chains): number {
  return bulkEssOf(new ScalarDraws(chains));
}

export function bulkEssOf(draws: ScalarDraws): number {
  return draws.isUsable ? geyerEss(draws.bulk) : NaN;
}

/** Tail ESS: the smaller ESS of the quantiles (1 ∓ `interval`)/2, 5 % and 95 % by default. */
export function essTail(chains: Chains, interval = 0.9): number {
  return tailEssOf(new ScalarDraws(chains), interval);
}

export function tailEssOf(draws: ScalarDraws, interval = 0.9): number {
  const tail = (1 - interval) / 2;
  return Math.min(...essOfQuantiles(draws, [tail, 1 - tail]));
}
