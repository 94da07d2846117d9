/**
 * The quantile of the beta distribution. As functions of u = log(x/(1 − x)) both log I and log(1 − I) are concave (the density
 * of u is log-concave), so Newton's method on them converges from everywhere. Solved for the smaller of x and 1 − x.
 */
import { add, divide, fromNumber } from './double-double';
import { betalnExact } from './betaln';
import { betainc, betaTail, logLogitDensity } from './incomplete-beta';
import { expOf, logOfNumber, timesExp } from './log-exp';

/** (p a B(a, b))^(1/a): the quantile where it is tiny. */
const smallQuantile = (a: number, b: number, p: number): number =>
  expOf(divide(add(add(logOfNumber(p), logOfNumber(a)), betalnExact(a, b)), fromNumber(a)));

/** x ≤ 1/2 with I_x(a, b) = p and 1 − I_x(a, b) = q, where p + q = 1 up to rounding. */
function lowerQuantile(a: number, b: number, p: number, q: number): number {
  const small = smallQuantile(a, b, p);
  if (small * (1 + b) < 1e-17) return small;
  const byLower = p < q;
  const target = byLower ? p : q;
  let x = Math.min(a / (a + b), 0.5);
  for (let i = 0; i < 100; i++) {
    const { isLower, factor, exponent } = betaTail(a, b, x, byLower ? 'lower' : 'upper');
    const known = timesExp(factor, exponent);
    const tail = isLower === byLower ? known : 1 - known;
    const logTail = isLower === byLower ? Math.log(factor) + exponent.hi : Math.log1p(-known);
    const far = logTail - Math.log(target);
    const gap = Math.abs(far) < 0.5 && tail > 1e-300 ? Math.log1p((tail - target) / target) : far;
    // dI/du = x (1 − x) · density
    const step = (byLower ? -gap : gap) / Math.exp(logLogitDensity(a, b, x) - logTail);
    const odds = (x / (1 - x)) * Math.exp(Math.min(Math.max(step, -40), 40));
    x = odds / (1 + odds);
    if (Math.abs(step) < 1e-9) break;
  }
  return x;
}

/** x with I_x(a, b) = p, for a, b > 0; relative error below 1e-14 · max(1, 1/a). 0 at p = 0, 1 at p = 1, NaN outside. */
export function betaincinv(a: number, b: number, p: number): number {
  if (!(a > 0 && b > 0 && p >= 0 && p <= 1) || a === Infinity || b === Infinity) return NaN;
  if (p === 0 || p === 1) return p;
  const half = betainc(a, b, 0.5);
  if (p === half) return 0.5;
  return p < half ? lowerQuantile(a, b, p, 1 - p) : 1 - lowerQuantile(b, a, 1 - p, p);
}
