/** Rank normalisation (Vehtari et al. 2021, section 4.1). */
import { normalQuantile } from './normal-quantile';

/**
 * The normal quantile of each value's rank, with Blom's offset 3/8; ties share the mean of their ranks.
 * @param sorted the values in ascending order
 * @param order where each of them belongs
 * @returns by place, not by rank
 */
export function rankScores(sorted: Float64Array, order: Int32Array): Float64Array {
  const n = sorted.length;
  const scores = scoresOfRanks(n);
  const result = new Float64Array(n);
  for (let start = 0; start < n;) {
    let end = start + 1;
    while (end < n && sorted[end] === sorted[start]) end++;
    const score = scores[start + 1 + end];
    for (let k = start; k < end; k++) result[order[k]] = score;
    start = end;
  }
  return result;
}

let latest = new Float64Array(1);

/** At 2r the score of rank r among n, r = 1, 1½, … n; the latest are kept, since every scalar has as many draws. */
function scoresOfRanks(n: number): Float64Array {
  if (latest.length !== 2 * n + 1) {
    latest = new Float64Array(2 * n + 1).map((_, k) => normalQuantile((k / 2 - 3 / 8) / (n + 1 / 4)));
  }
  return latest;
}
