/** log B(a, b) and log binomial coefficients, without the cancellation of lgamma(a) + lgamma(b) − lgamma(a + b). */
import { add, fromNumber, subtract, sum, toNumber, type DoubleDouble } from './double-double';
import { lgamma } from './lgamma';
import { lgammaExact } from './lgamma-exact';
import { LOG_SQRT_TWO_PI, STIRLING_FROM, stirlingRemainder } from './stirling';

/** Up to here double-double leaves 16 digits of the difference of the three terms. */
const EXACT_BELOW = 1e9;

/** log B(a, b) to about 30 digits of its largest term, for 0 < a, b. */
export function betalnExact(a: number, b: number): DoubleDouble {
  const sums = add(lgammaExact(fromNumber(a)), lgammaExact(fromNumber(b)));
  return subtract(sums, lgammaExact(sum(a, b)));
}

/** log Γ(b) − log Γ(a + b) for b ≥ 10, a ≤ b (DiDonato & Morris, ACM TOMS 18 (1992) 360, ALGDIV). */
function logGammaRatio(a: number, b: number): number {
  const c = a + b;
  return (
    -(b - 0.5) * Math.log1p(a / b) - a * (Math.log(c) - 1) + (stirlingRemainder(b) - stirlingRemainder(c))
  );
}

/**
 * log B(a, b) for a, b > 0; relative error below 1e-15, and absolute error below 1e-15 where |log B| < 1 and an
 * argument exceeds 1e9. ∞ if an argument is 0, −∞ at ∞, NaN if one is negative.
 */
export function betaln(a: number, b: number): number {
  const small = Math.min(a, b);
  const large = Math.max(a, b);
  if (!(small >= 0)) return NaN;
  if (small === 0) return large === Infinity ? NaN : Infinity;
  if (large === Infinity) return -Infinity;
  if (small === 1) return 0 - Math.log(large);
  if (large === 1) return 0 - Math.log(small);
  if (large < EXACT_BELOW) return toNumber(betalnExact(small, large));
  if (small < STIRLING_FROM) return lgamma(small) + logGammaRatio(small, large);
  const ratio = small / large;
  const main = -small * (Math.log1p(ratio) - Math.log(ratio)) - large * Math.log1p(ratio);
  const half = 0.5 * Math.log1p(ratio) - 0.5 * Math.log(small);
  const rest = stirlingRemainder(small) + (stirlingRemainder(large) - stirlingRemainder(small + large));
  return main + (half + LOG_SQRT_TWO_PI + rest);
}

/**
 * log of the binomial coefficient n over k, −∞ outside 0 ≤ k ≤ n, exactly 0 at both ends; real n and k are taken too.
 * Relative error below 1e-15 (n < 1e15).
 */
export function lbinom(n: number, k: number): number {
  if (Number.isNaN(n) || Number.isNaN(k)) return NaN;
  if (!(k >= 0 && k <= n)) return -Infinity;
  if (k === 0 || k === n) return 0;
  if (n >= 1e15) return -Math.log1p(n) - betaln(n - k + 1, k + 1);
  const top = lgammaExact(sum(n, 1));
  const rest = add(sum(n, -k), fromNumber(1));
  return toNumber(subtract(top, add(lgammaExact(sum(k, 1)), lgammaExact(rest))));
}
