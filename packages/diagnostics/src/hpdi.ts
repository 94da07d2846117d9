/** Highest posterior density interval. */

/**
 * The narrowest interval that holds a fraction `mass` of the draws (one interval, also where the density has
 * several modes).
 * @returns [lower, upper]; NaN twice for no draws or a NaN among them
 */
export function hpdi(draws: ArrayLike<number>, mass = 0.9): [number, number] {
  if (!(mass > 0 && mass < 1)) {
    throw new RangeError(`hpdi: mass ${mass} is not in (0, 1).\n  Fix: pass 0.9, not 90.`);
  }
  const sorted = new Float64Array(draws).sort();
  const n = sorted.length;
  if (n === 0 || Number.isNaN(sorted[n - 1])) return [NaN, NaN];
  const inside = Math.floor(mass * n);
  let best = 0;
  for (let i = 1; i < n - inside; i++) {
    if (sorted[i + inside] - sorted[i] < sorted[best + inside] - sorted[best]) best = i;
  }
  return [sorted[best], sorted[best + inside]];
}
