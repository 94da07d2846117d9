/** Effective sample sizes (Vehtari et al. 2021). NaN for NaN draws and for fewer than 4 draws in a chain. */
import type { Chains } from './chains';
import { essOfAutocovariances, geyerEss } from './geyer';
import { indicatorAutocovariances } from './indicator';
import { mean } from './moments';
import { halvesOf, isUsable, rowsOf, squaredDeviations, type Rows } from './rows';
import { ScalarDraws } from './scalar-draws';

/** ESS of the mean of the whole chains, neither split nor ranked (Pyro's and NumPyro's `effective_sample_size`). */
export function effectiveSampleSize(chains: Chains): number {
  const rows = rowsOf(chains);
  return isUsable(rows) ? geyerEss(rows) : NaN;
}

/** ESS of the mean, from split chains. */
export function essMean(chains: Chains): number {
  return meanEssOf(rowsOf(chains));
}

export function meanEssOf(rows: Rows): number {
  return isUsable(rows) ? geyerEss(halvesOf(rows)) : NaN;
}

/** ESS of the standard deviation: of the squared deviations from the mean. */
export function essSd(chains: Chains): number {
  const rows = rowsOf(chains);
  return meanEssOf(squaredDeviations(rows, mean(rows.values)));
}

/** ESS of a quantile: of the indicator x ≤ quantile. */
export function essQuantile(chains: Chains, probability: number): number {
  return quantileEssOf(new ScalarDraws(rowsOf(chains)), [probability])[0];
}

export function quantileEssOf(draws: ScalarDraws, probabilities: readonly number[]): number[] {
  if (!draws.isUsable) return probabilities.map(() => NaN);
  const { count, length } = draws.halves;
  return draws.quantiles(probabilities).map((bound) => {
    const members = draws.fewerSide(bound);
    if (members.length === 0) return count * length;
    return essOfAutocovariances(indicatorAutocovariances(members, count, length));
  });
}

/** ESS of the median. */
export function essMedian(chains: Chains): number {
  return essQuantile(chains, 0.5);
}

/** Bulk ESS: of the mean of the rank-normalised split chains. Aim for 100 a chain. */
export function essBulk(chains: Chains): number {
  return bulkEssOf(new ScalarDraws(rowsOf(chains)));
}

export function bulkEssOf(draws: ScalarDraws): number {
  return draws.isUsable ? geyerEss(draws.bulk) : NaN;
}

/** Tail ESS: the smaller ESS of the quantiles (1 ∓ `interval`)/2, 5 % and 95 % by default. */
export function essTail(chains: Chains, interval = 0.9): number {
  return tailEssOf(new ScalarDraws(rowsOf(chains)), interval);
}

export function tailEssOf(draws: ScalarDraws, interval = 0.9): number {
  const tail = (1 - interval) / 2;
  return Math.min(...quantileEssOf(draws, [tail, 1 - tail]));
}
