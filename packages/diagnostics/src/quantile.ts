/** Empirical quantiles. */

/**
 * Quantiles by linear interpolation between order statistics (type 7 of Hyndman & Fan 1996).
 * @param probabilities in [0, 1]
 * @returns one value for each probability; NaN if there are no values or one is NaN
 */
export function quantiles(values: ArrayLike<number>, probabilities: readonly number[]): number[] {
  return quantilesOfSorted(new Float64Array(values).sort(), probabilities);
}

/** The same of values in ascending order, NaN last. */
export function quantilesOfSorted(sorted: Float64Array, probabilities: readonly number[]): number[] {
  return probabilities.map((p) => quantileOfSorted(sorted, p));
}

/** One quantile, as `quantiles`. */
export function quantile(values: ArrayLike<number>, probability: number): number {
  return quantiles(values, [probability])[0];
}

/** The 50 % quantile. */
export function median(values: ArrayLike<number>): number {
  return quantile(values, 0.5);
}

function quantileOfSorted(sorted: Float64Array, probability: number): number {
  // Typed arrays sort NaN to the end.
  if (sorted.length === 0 || Number.isNaN(sorted[sorted.length - 1])) return NaN;
  if (!(probability >= 0 && probability <= 1)) {
    throw new RangeError(`quantile probability ${probability} is not in [0, 1].\n  Fix: pass 0.05, not 5.`);
  }
  const position = probability * (sorted.length - 1);
  const below = Math.floor(position);
  const above = Math.min(below + 1, sorted.length - 1);
  const fraction = position - below;
  if (fraction === 0 || sorted[below] === sorted[above]) return sorted[below];
  return (1 - fraction) * sorted[below] + fraction * sorted[above];
}
