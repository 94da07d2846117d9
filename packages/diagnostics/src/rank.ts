/** Rank normalisation (Vehtari et al. 2021, section 4.1). */
import { type Chains, drawCount, pool } from './chains';
import { normalQuantile } from './normal-quantile';
import { sortingOrder } from './sorting-order';

/** Ranks from 1 to n of numbers, none of them NaN; ties share the mean of their ranks. */
export function ranks(values: ArrayLike<number>): Float64Array {
  const order = sortingOrder(values);
  const result = new Float64Array(values.length);
  for (let start = 0; start < order.length;) {
    let end = start + 1;
    while (end < order.length && values[order[end]] === values[order[start]]) end++;
    for (let k = start; k < end; k++) result[order[k]] = (start + 1 + end) / 2;
    start = end;
  }
  return result;
}

/** Every draw replaced by the normal quantile of its pooled rank, with Blom's offset 3/8. */
export function rankNormalize(chains: Chains): Float64Array[] {
  const draws = drawCount(chains);
  const pooled = ranks(pool(chains));
  const scores = normalScores(pooled.length);
  const z = pooled.map((rank) => scores[2 * rank]);
  return chains.map((_, i) => z.subarray(i * draws, (i + 1) * draws));
}

let latestScores = new Float64Array(1);

/** Normal quantiles of the ranks ½, 1, 1½, … n among n; the latest are kept, since every scalar has as many draws. */
function normalScores(n: number): Float64Array {
  if (latestScores.length !== 2 * n + 1) {
    latestScores = new Float64Array(2 * n + 1).map((_, k) => normalQuantile((k / 2 - 3 / 8) / (n + 1 / 4)));
  }
  return latestScores;
}
