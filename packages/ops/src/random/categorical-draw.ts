/** Categorical draws by inversion: one uniform a draw, a binary search in the cumulative weights. */
import { NO_COUNT } from './poisson-draw';
import { exp } from './portable-math';

/** Running sums of exp(logits − max). The total is NaN if a logit is NaN, +∞, or if all are −∞. */
export function cumulativeWeights(logits: ArrayLike<number>, start: number, count: number): Float64Array {
  let max = -Infinity;
  for (let k = 0; k < count; k++) max = Math.max(max, logits[start + k]);
  const cumulative = new Float64Array(count);
  let sum = 0;
  for (let k = 0; k < count; k++) {
    sum += exp(logits[start + k] - max);
    cumulative[k] = sum;
  }
  return cumulative;
}

/** The first category whose cumulative weight exceeds u · total: never one of weight zero. −1 if the total is NaN. */
export function searchCategory(cumulative: Float64Array, u: number): number {
  const threshold = u * cumulative[cumulative.length - 1];
  if (!(threshold >= 0)) return NO_COUNT;
  let [low, high] = [0, cumulative.length - 1];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (cumulative[middle] > threshold) high = middle;
    else low = middle + 1;
  }
  return low;
}
