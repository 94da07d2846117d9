/**
 * Functions that JavaScript has built in, made of arithmetic and the few that compiled programs have in vectors. The compiler
 * translates them; here, Math's own are used.
 */
import { multiplyNumber } from './double-double';
import { logOfNumber, timesExp } from './log-exp';

/** Arguments from here on are their own 1 + x² ± …: 2^28. */
const LARGE = 268435456;
/** π − fl(π). */
const PI_LOW = 1.2246467991473532e-16;

/** sinh x; within 3 ulp. */
export function sinh(x: number): number {
  const z = Math.abs(x);
  if (z < 22) {
    const e = Math.expm1(z);
    return Math.sign(x) * 0.5 * (z < 1 ? 2 * e - (e * e) / (e + 1) : e + e / (e + 1));
  }
  const half = Math.exp(z / 2);
  return Math.sign(x) * (0.5 * half * half);
}

/** cosh x; within 3 ulp. */
export function cosh(x: number): number {
  const z = Math.abs(x);
  const half = Math.exp(z / 2);
  if (z > 22) return 0.5 * half * half;
  const e = Math.exp(z);
  return 0.5 * e + 0.5 / e;
}

/** arsinh x; within 4 ulp. */
export function asinh(x: number): number {
  const z = Math.abs(x);
  if (z === 0 || !(z < Infinity)) return x;
  if (z > LARGE) return Math.sign(x) * (Math.log(z) + Math.LN2);
  return Math.sign(x) * Math.log1p(z + (z * z) / (1 + Math.sqrt(1 + z * z)));
}

/** arcosh x; within 4 ulp; NaN below 1. */
export function acosh(x: number): number {
  if (!(x >= 1)) return NaN;
  if (x > LARGE) return Math.log(x) + Math.LN2;
  const t = x - 1;
  return Math.log1p(t + Math.sqrt(2 * t + t * t));
}

/** artanh x; within 4 ulp; ±∞ at ±1, NaN beyond. */
export function atanh(x: number): number {
  const z = Math.abs(x);
  if (z === 0) return x;
  const t = 2 * z;
  return Math.sign(x) * 0.5 * (z < 0.5 ? Math.log1p(t + (t * z) / (1 - z)) : Math.log1p(t / (1 - z)));
}

/** arcsin x; within 4 ulp; NaN outside [−1, 1]. */
export const asin = (x: number): number => (x === 0 ? x : Math.atan(x / Math.sqrt((1 - x) * (1 + x))));

/** arccos x; within 4 ulp; NaN outside [−1, 1]. */
export const acos = (x: number): number => 2 * Math.atan(Math.sqrt((1 - x) / (1 + x)));

/** Whether a number has a minus sign, zeros included. */
const isMinus = (x: number): boolean => x < 0 || Object.is(x, -0);

/** The angle of (x, y), in [−π, π]; within 4 ulp. */
export function atan2(y: number, x: number): number {
  if (Number.isNaN(x) || Number.isNaN(y)) return NaN;
  const [height, width] = [Math.abs(y), Math.abs(x)];
  let angle = Math.PI / 4;
  if (height === 0) angle = 0;
  else if (width !== height) angle = Math.atan(height / width);
  if (isMinus(x)) angle = Math.PI - (angle - PI_LOW);
  return isMinus(y) ? -angle : angle;
}

/** The remainder of a/b, with the sign of b (a whole number of exact steps). */
export function floorMod(a: number, b: number): number {
  const divisor = Math.abs(b);
  let rest = Math.abs(a);
  if (!(rest < Infinity) || !(divisor > 0)) return NaN;
  if (rest >= divisor) {
    let step = divisor;
    while (step <= rest / 2) step *= 2;
    for (; step >= divisor; step /= 2) if (rest >= step) rest -= step;
  }
  if (rest === 0) return isMinus(a) ? -0 : 0;
  if (a < 0) rest = -rest;
  const differs = (a < 0 && b > 0) || (a > 0 && b < 0);
  return differs ? rest + b : rest;
}

/** x^y, subnormal results included, with JavaScript's edges but 1^y = 1 for every y; within 1.2 ulp. */
export function pow(x: number, y: number): number {
  if (y === 0 || x === 1) return 1;
  if (Number.isNaN(x) || Number.isNaN(y)) return NaN;
  const z = Math.abs(x);
  const isWhole = Math.floor(y) === y;
  const isOdd = isWhole && Math.floor(y / 2) * 2 !== y;
  if (x < 0 && !isWhole && x > -Infinity) return NaN;
  let power: number;
  if (z === 1) power = Math.abs(y) === Infinity ? NaN : 1;
  else if (Math.abs(y) === Infinity) power = z > 1 === y > 0 ? Infinity : 0;
  else if (z === 0 || z === Infinity) power = z > 1 === y > 0 ? Infinity : 0;
  else power = timesExp(1, multiplyNumber(logOfNumber(z), Math.min(Math.max(y, -1e300), 1e300)));
  return isOdd && isMinus(x) ? -power : power;
}
