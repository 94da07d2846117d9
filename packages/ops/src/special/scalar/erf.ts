/**
 * The error function and its complements. The rational approximations are minimax fits in the manner of Cody, Math.
 * Comp. 23 (1969) 631, made for this project (error before rounding below 1e-18); e^(−x²) is taken of the exact square.
 */
import { errorFunctionCoefficients } from './coefficients';
import { negate, product } from './double-double';
import { horner } from './horner';
import { timesExp } from './log-exp';

const { smallP, smallQ, nearP, nearQ, middleP, middleQ, farP, farQ } = errorFunctionCoefficients;

/** erf for |x| ≤ 1: x plus a correction of at most 16 %. */
function erfSmall(x: number): number {
  const t = x * x;
  return x + x * (horner(smallP, t) / horner(smallQ, t));
}

/** erfcx for x ≥ 0.5. */
function erfcxPositive(x: number): number {
  if (x < 2) return horner(nearP, x) / horner(nearQ, x);
  if (x < 5) return horner(middleP, x) / horner(middleQ, x);
  const t = 1 / x / x;
  return horner(farP, t) / horner(farQ, t) / x;
}

/** e^(−x²)·erfcx(x) for x ≥ 0.5. */
function erfcTail(x: number): number {
  return x > 28 ? 0 : timesExp(erfcxPositive(x), negate(product(x, x)));
}

/** erf(x); within 2 ulp of the exact value for every double. */
export function erf(x: number): number {
  if (Number.isNaN(x)) return NaN;
  const z = Math.abs(x);
  if (z < 1) return erfSmall(x);
  if (z > 6) return Math.sign(x);
  return x < 0 ? erfcTail(z) - 1 : 1 - erfcTail(z);
}

/** erfc(x) = 1 − erf(x); within 4 ulp, into the subnormal tail (0 beyond x = 27.23). */
export function erfc(x: number): number {
  if (Number.isNaN(x)) return NaN;
  if (x < 0.5) return x > -1 ? 1 - erfSmall(x) : x < -6 ? 2 : 2 - erfcTail(-x);
  return erfcTail(x);
}

/** erfcx(x) = e^(x²) erfc(x); within 5 ulp; overflows below x = −26.63. */
export function erfcx(x: number): number {
  if (Number.isNaN(x)) return NaN;
  if (x >= 0.5) return erfcxPositive(x);
  if (x > -0.5) return Math.exp(x * x) * (1 - erfSmall(x));
  if (x < -27) return Infinity;
  return timesExp(2, product(x, x)) - erfcxPositive(-x);
}
