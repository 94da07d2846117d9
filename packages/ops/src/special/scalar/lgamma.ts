/**
 * log|Γ(x)|. Between 0.5 and 3 polynomials fitted for this project (Chebyshev interpolation at 50 digits) that carry the
 * roots at 1 and 2 as factors; from 10 Stirling's series with a logarithm to 104 bits; recurrence between (the plan
 * of fdlibm's e_lgamma_r.c). On the negative axis, where the function has two roots between −2 and −3, −3 and −4, …,
 * the recurrence in double-double.
 */
import { addNumber, fromNumber, multiplyNumber, toNumber } from './double-double';
import { logGammaCoefficients } from './coefficients';
import { horner } from './horner';
import { lgammaExact } from './lgamma-exact';
import { logOfNumber } from './log-exp';
import { LOG_SQRT_TWO_PI, STIRLING_FROM, stirlingRemainder } from './stirling';

const { aroundOne, aroundTwo } = logGammaCoefficients;

/** log π. */
const LOG_PI = 1.1447298858494002;

/** log Γ overflows just beyond (fdlibm's e_lgamma_r.c has the same). */
const LARGEST = 2.556348e305;

/** log Γ(1 + z) for |z| ≤ 1/2; relative error below 2 ulp, also near the root at 0. */
export const lgamma1p = (z: number): number => z * horner(aroundOne, z);

function lgammaPositive(x: number): number {
  if (x < 0.5) return lgamma1p(x) - Math.log(x);
  if (x < 1.5) return lgamma1p(x - 1);
  if (x < 3) return (x - 2) * horner(aroundTwo, x - 2);
  if (x < STIRLING_FROM) {
    let y = x;
    let product = 1;
    while (y >= 3) product *= --y;
    return Math.log(product) + (y - 2) * horner(aroundTwo, y - 2);
  }
  const logX = logOfNumber(x);
  if (x > LARGEST) return Infinity;
  if (x > 1e17) return multiplyNumber(addNumber(logX, -1), x).hi;
  const main = addNumber(multiplyNumber(logX, x - 0.5), -x);
  return main.hi + (main.lo + LOG_SQRT_TWO_PI + stirlingRemainder(x));
}

function lgammaNegative(x: number): number {
  if (x > -0.5) return lgamma1p(x) - Math.log(-x);
  if (x > -2) return lgammaPositive(x + 2) - Math.log(Math.abs(x * (x + 1)));
  // Below −30 a root is closer to a pole than the next double is.
  if (x > -30) return toNumber(lgammaExact(fromNumber(x)));
  const r = x - Math.round(x);
  return Math.log(Math.PI / Math.abs(x * Math.sin(Math.PI * r))) - lgammaPositive(-x);
}

/**
 * log|Γ(x)|; within 4 ulp for every double, next to the roots on the negative axis within 2e-30; ∞ at 0, −1, −2, … and ±∞.
 */
export function lgamma(x: number): number {
  if (Number.isNaN(x)) return NaN;
  if (x === Infinity || x === -Infinity) return Infinity;
  if (x > 0) return lgammaPositive(x);
  return Number.isInteger(x) ? Infinity : lgammaNegative(x);
}

/** log of the multivariate gamma function Γ_p(a) = π^(p(p−1)/4) Π Γ(a − j/2), for a > (p − 1)/2. */
export function mvlgamma(a: number, p: number): number {
  let total = fromNumber(0.25 * p * (p - 1) * LOG_PI);
  for (let j = 0; j < p; j++) total = addNumber(total, lgamma(a - j / 2));
  return toNumber(total);
}
