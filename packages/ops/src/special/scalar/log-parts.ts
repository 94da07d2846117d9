/**
 * log x in two parts, log x = exponent · ln 2 + log1p(fraction), 0 ≤ fraction < 1: sums of logarithms become one
 * logarithm of a product of 1 + fraction.
 */
import { horner } from './horner';

const data = new DataView(new ArrayBuffer(8));

/** ⌊log₂ x⌋, as IEEE 754's logB; −∞ at 0, ∞ at ∞, NaN below 0. */
export function logExponent(x: number): number {
  if (!(x > 0) || x === Infinity) return x === 0 ? -Infinity : x > 0 ? Infinity : NaN;
  const isSubnormal = x < 2 ** -1022;
  data.setFloat64(0, isSubnormal ? x * 2 ** 54 : x);
  return (data.getUint32(0) >>> 20) - 1023 - (isSubnormal ? 54 : 0);
}

/** x · 2^−⌊log₂ x⌋ − 1, exact; 0 where the exponent says all (0, ∞); NaN below 0. */
export function logFraction(x: number): number {
  const exponent = logExponent(x);
  if (Number.isNaN(exponent)) return NaN;
  if (!Number.isFinite(exponent)) return 0;
  // In two steps, since 2^1074 is no double.
  const half = Math.trunc(exponent / 2);
  return x * 2 ** -half * 2 ** -(exponent - half) - 1;
}

/** 1/(2j + 3): log((1 + v)/(1 − v)) = 2 (v + v³/3 + v⁵/5 + …) without its first term. */
const artanhTail = [1 / 3, 1 / 5, 1 / 7, 1 / 9, 1 / 11, 1 / 13];

/**
 * x − log y ≥ 0 for y = 1 + x, where 1 + x has lost the digits of y near x = −1, and y − 1 those of x near 0; 40 ulp,
 * 2 ulp for |x| < 1/16. NaN for y < 0.
 */
export function logExcess(x: number, y: number): number {
  if (Math.abs(x) < 1 / 16) {
    const v = x / (2 + x);
    const square = v * v;
    return v * (x - 2 * square * horner(artanhTail, square));
  }
  if (x === Infinity) return Infinity;
  return x - (x < -0.5 ? Math.log(y) : Math.log1p(x));
}
