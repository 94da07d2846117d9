/** Rank normalisation (Vehtari et al. 2021, section 4.1). */
import { type Chains, drawCount, pool } from './chains';
import { normalQuantile } from './normal-quantile';

/** Ranks from 1 to n; ties share the mean of their ranks. */
export function ranks(values: ArrayLike<number>): Float64Array {
  const order = Array.from(values, (_, i) => i).sort((i, j) => values[i] - values[j]);
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
  const z = pooled.map((rank) => normalQuantile((rank - 3 / 8) / (pooled.length + 1 / 4)));
  return chains.map((_, i) => z.subarray(i * draws, (i + 1) * draws));
}
