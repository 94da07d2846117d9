/**
 * Inverses of erf, erfc and Φ: Wichura's AS 241 (Applied Statistics 37 (1988) 477) as the first guess, then one Halley
 * step on this package's erf and erfc, whose errors are relative, so that the tails keep all digits.
 */
import { normalQuantile } from '../../random/standard-normal';
import { erf, erfc, erfcx } from './erf';
import { ndtr } from './normal-cdf';

const TWO_OVER_SQRT_PI = 1.1283791670955126;
const SQRT_TWO_PI = 2.5066282746310002;

/** x with erf(x) = y, |y| ≤ 1/2. */
function erfinvCentre(y: number): number {
  if (Math.abs(y) < 1e-8) return y / TWO_OVER_SQRT_PI;
  const x = normalQuantile(0.5 + 0.5 * y) * Math.SQRT1_2;
  const step = (erf(x) - y) / (TWO_OVER_SQRT_PI * Math.exp(-x * x));
  return x - step / (1 + x * step);
}

/** x > 0 with erfc(x) = y, 0 < y ≤ 1/2. */
function erfcinvTail(y: number): number {
  if (y < 1e-290) return erfcinvFar(y);
  const x = -normalQuantile(0.5 * y) * Math.SQRT1_2;
  // erfc/erfc′ = −√π/2 erfcx(x): the step has no exponential in it.
  const step = ((1 - y / erfc(x)) * erfcx(x)) / TWO_OVER_SQRT_PI;
  return x + step / (1 - x * step);
}

/** The same where y nears the subnormals: Newton on log erfc, which is nearly −x². */
function erfcinvFar(y: number): number {
  const target = Math.log(y);
  let x = Math.sqrt(-target - 0.5 * Math.log(-target * Math.PI));
  for (let i = 0; i < 4; i++) {
    const scaled = erfcx(x);
    x += ((Math.log(scaled) - x * x - target) * scaled) / TWO_OVER_SQRT_PI;
  }
  return x;
}

/** erf⁻¹(y); within 3 ulp on (−1, 1); ±∞ at ±1, NaN outside. */
export function erfinv(y: number): number {
  const z = Math.abs(y);
  if (!(z <= 1)) return NaN;
  if (z === 1) return y * Infinity;
  if (z <= 0.5) return erfinvCentre(y);
  return Math.sign(y) * erfcinvTail(1 - z);
}

/** erfc⁻¹(y); within 3 ulp on (0, 2), near the root at 1 and for subnormal y too; ∞ at 0, −∞ at 2, NaN outside. */
export function erfcinv(y: number): number {
  if (!(y >= 0 && y <= 2)) return NaN;
  if (y === 0) return Infinity;
  if (y === 2) return -Infinity;
  if (y >= 0.5 && y <= 1.5) return erfinvCentre(1 - y);
  return y < 0.5 ? erfcinvTail(y) : -erfcinvTail(2 - y);
}

/** Φ⁻¹(p); within 4 ulp on (0, 1), near the root at 1/2 too; ±∞ at the ends, NaN outside. */
export function ndtri(p: number): number {
  if (!(p >= 0 && p <= 1)) return NaN;
  if (p === 0) return -Infinity;
  if (p === 1) return Infinity;
  if (p > 0.5) return -ndtri(1 - p);
  if (p >= 0.25) return Math.SQRT2 * erfinvCentre(2 * p - 1);
  if (p < 1e-290) return -Math.SQRT2 * erfcinvFar(2 * p);
  const x = normalQuantile(p);
  const step = ((1 - p / ndtr(x)) * (erfcx(-x * Math.SQRT1_2) * SQRT_TWO_PI)) / 2;
  return x - step / (1 + 0.5 * x * step);
}
