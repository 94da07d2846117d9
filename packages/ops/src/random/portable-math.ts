/**
 * log, log1p and exp from +, −, ×, ÷ and bit moves alone, which IEEE 754 rounds the same everywhere. `Math.log` may
 * differ in the last bit between engines; a sampler that compares with it could accept on one machine and reject on
 * another. With these, every draw has the same bits in every engine and in strict WebAssembly.
 *
 * Reductions and coefficients of fdlibm (e_log.c, e_exp.c); error below 1 ulp (log, exp), 3 ulp (log1p).
 */

import { highWord, powerOfTwo, withHighWord } from './float-bits';

const LN2_HI = 0.6931471803691238;
const LN2_LO = 1.9082149292705877e-10;
const SQRT_HALF = Math.SQRT1_2;

/** Natural logarithm of any double: log(0) = −∞, negative → NaN. */
export function log(x: number): number {
  if (!(x > 0) || x === Infinity) return x === 0 ? -Infinity : x > 0 ? Infinity : NaN;
  let k = 0;
  if (x < 2.2250738585072014e-308) {
    x *= 2 ** 54;
    k = -54;
  }
  const high = highWord(x);
  k += (high >>> 20) - 1022;
  let m = withHighWord(x, (high & 0x000fffff) | 0x3fe00000);
  if (m < SQRT_HALF) {
    m *= 2;
    k -= 1;
  }
  const f = m - 1;
  const s = f / (2 + f);
  const z = s * s;
  const w = z * z;
  const even = w * (0.3999999999940942 + w * (0.22222198432149784 + w * 0.15313837699209373));
  const odd =
    z * (0.6666666666666735 + w * (0.2857142874366239 + w * (0.1818357216161805 + w * 0.14798198605116586)));
  const half = 0.5 * f * f;
  return k * LN2_HI - (half - (s * (half + (even + odd)) + k * LN2_LO) - f);
}

/** log(1 + x), accurate for small x: Kahan's correction of log(u) by x / (u − 1). */
export function log1p(x: number): number {
  const u = 1 + x;
  if (u === 1) return x;
  return u === Infinity ? Infinity : log(u) * (x / (u - 1));
}

/** Exponential of any double, subnormal results included. */
export function exp(x: number): number {
  if (x > 709.782712893384) return Infinity;
  if (!(x > -745.1332191019411)) return x !== x ? NaN : 0;
  const k = Math.floor(x * 1.4426950408889634 + 0.5);
  const hi = x - k * LN2_HI;
  const lo = k * LN2_LO;
  const r = hi - lo;
  const t = r * r;
  const c =
    r -
    t *
      (0.16666666666666602 +
        t *
          (-0.0027777777777015593 +
            t * (6.613756321437934e-5 + t * (-1.6533902205465252e-6 + t * 4.1381367970572385e-8))));
  const y = 1 - (lo - (r * c) / (2 - c) - hi);
  return k > -1021 ? y * 2 * powerOfTwo(k - 1) : y * powerOfTwo(k + 100) * 2 ** -100;
}
