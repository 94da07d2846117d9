/** Whether ranks are uniform: the statistics of simulation-based calibration (Talts et al. 2018). */
import { normalQuantile } from '@pyro-ts/ops';

const average = (values: readonly number[]): number => values.reduce((sum, x) => sum + x, 0) / values.length;

export interface RankStatistics {
  /**
   * Error of the mean of the ranks' normal scores, in standard errors: 0 ± 1 if ranks are uniform. A shift of the draws
   * moves it.
   */
  shift(ranks: readonly number[]): number;
  /** The same of their spread, which a wrong width of the draws moves. */
  spread(ranks: readonly number[]): number;
  /** The error of the spread over all coordinates together, its standard error taken from the replications. */
  pooledSpread(ranks: readonly (readonly number[])[]): number;
  /** χ² of 16 bins over its 15 degrees of freedom, in standard deviations. */
  bins(ranks: readonly number[]): number;
}

/** @param draws draws of each replication: ranks are 0 … draws; draws + 1 is a multiple of 16 */
export function rankStatistics(draws: number): RankStatistics {
  const score = (rank: number): number => normalQuantile((rank + 0.5) / (draws + 1));
  // Second and fourth moment of the scores of uniform ranks.
  const [second, fourth] = [2, 4].map((power) =>
    average(Array.from({ length: draws + 1 }, (_, rank) => score(rank) ** power)),
  );
  return {
    shift: (ranks) => (average(ranks.map(score)) * Math.sqrt(ranks.length)) / Math.sqrt(second),
    spread: (ranks) =>
      ((average(ranks.map((rank) => score(rank) ** 2)) - second) * Math.sqrt(ranks.length)) /
      Math.sqrt(fourth - second ** 2),
    pooledSpread(ranks) {
      const spreads = ranks[0].map((_, r) => average(ranks.map((column) => score(column[r]) ** 2)) - second);
      const center = average(spreads);
      const variance = average(spreads.map((x) => (x - center) ** 2));
      return (center * Math.sqrt(spreads.length)) / Math.sqrt(variance);
    },
    bins(ranks) {
      const counts = new Array<number>(16).fill(0);
      for (const rank of ranks) counts[Math.floor((16 * rank) / (draws + 1))]++;
      const expected = ranks.length / 16;
      const chi2 = counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
      return (chi2 - 15) / Math.sqrt(30);
    },
  };
}
