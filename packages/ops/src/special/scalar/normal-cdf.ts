/** The standard normal distribution function, its logarithm, and what both need of its tail. */
import { multiplyNumber, product } from './double-double';
import { erf, erfcx } from './erf';
import { timesExp } from './log-exp';

/** P(Z > z) for z ≥ 0.7, with e^(−z²/2) of the exact square. */
function upperTail(z: number): number {
  return z > 39 ? 0 : timesExp(0.5 * erfcx(z * Math.SQRT1_2), multiplyNumber(product(z, z), -0.5));
}

/** Φ(x); within 5 ulp for every x, the far left tail included (0 below −38.57). */
export function ndtr(x: number): number {
  if (Number.isNaN(x)) return NaN;
  if (Math.abs(x) < 0.7) return 0.5 + 0.5 * erf(x * Math.SQRT1_2);
  return x < 0 ? upperTail(-x) : 1 - upperTail(x);
}

/** log Φ(x); within 6 ulp for every x; −x²/2 − log(−x√(2π)) far left, −0 far right. */
export function logNdtr(x: number): number {
  if (x > 0) return Math.log1p(-ndtr(-x));
  if (x >= -1) return Math.log(ndtr(x));
  return Math.log(0.5 * erfcx(-x * Math.SQRT1_2)) - 0.5 * x * x;
}
