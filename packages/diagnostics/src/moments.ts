/** Mean and variance. */

/** Arithmetic mean, corrected once for rounding and never outside the range of the values; NaN for no values. */
export function mean(values: ArrayLike<number>): number {
  let sum = 0;
  let [low, high] = [Infinity, -Infinity];
  for (let i = 0; i < values.length; i++) {
    const x = values[i];
    sum += x;
    if (x < low) low = x;
    if (x > high) high = x;
  }
  const first = sum / values.length;
  if (!Number.isFinite(first)) return first;
  let residual = 0;
  for (let i = 0; i < values.length; i++) residual += values[i] - first;
  return Math.min(Math.max(first + residual / values.length, low), high);
}

/** Sum of squared deviations from the mean over (n − `correction`); two passes. NaN where n ≤ correction. */
export function variance(values: ArrayLike<number>, correction = 1): number {
  return varianceAround(mean(values), values, correction);
}

/** The same where the mean is known. */
export function varianceAround(center: number, values: ArrayLike<number>, correction = 1): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += (values[i] - center) ** 2;
  const divisor = values.length - correction;
  return divisor > 0 ? sum / divisor : NaN;
}

/** Square root of `variance`. */
export function standardDeviation(values: ArrayLike<number>, correction = 1): number {
  return Math.sqrt(variance(values, correction));
}
