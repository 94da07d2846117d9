/**
 * log, log1p and exp from +, −, ×, ÷ and bit moves alone, which IEEE 754 rounds the same everywhere. `Math.log` may
 * differ in the last bit between engines; a sampler that compares with it could accept on one machine and reject on
 * another. With these, every draw has the same bits in every engine and in strict WebAssembly.
 *
 * Reductions and coefficients of fdlibm (e_log.c, e_exp.c); error below 1 ulp (log, exp), 3 ulp (log1p).
 */

const f64 = new Float64Array(1);
const u32 = new Uint32Array(f64.buffer);

const LN2_HI = 6.9314718036912381649e-1;
const LN2_LO = 1.90821492927058770002e-10;
const SQRT_HALF = Math.SQRT1_2;

/** Natural logarithm of any double: log(0) = −∞, negative → NaN. */
export function log(x: number): number {
  if (!(x > 0) || x === Infinity) return x === 0 ? -Infinity : x > 0 ? Infinity : NaN;
  let k = 0;
  if (x < 2.2250738585072014e-308) {
    x *= 2 ** 54;
    k = -54;
  }
  f64[0] = x;
  const high = u32[1];
  k += (high >>> 20) - 1022;
  u32[1] = (high & 0x000fffff) | 0x3fe00000;
  let m = f64[0];
  if (m < SQRT_HALF) {
    m *= 2;
    k -= 1;
  }
  const f = m - 1;
  const s = f / (2 + f);
  const z = s * s;
  const w = z * z;
  const even = w * (3.999999999940941908e-1 + w * (2.222219843214978396e-1 + w * 1.531383769920937332e-1));
  const odd =
    z *
    (6.66666666666673513e-1 +
      w * (2.857142874366239149e-1 + w * (1.818357216161805012e-1 + w * 1.479819860511658591e-1)));
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
  const k = Math.floor(x * 1.442695040888963387 + 0.5);
  const hi = x - k * LN2_HI;
  const lo = k * LN2_LO;
  const r = hi - lo;
  const t = r * r;
  const c =
    r -
    t *
      (1.66666666666666019037e-1 +
        t *
          (-2.77777777770155933842e-3 +
            t *
              (6.61375632143793436117e-5 + t * (-1.6533902205465251539e-6 + t * 4.13813679705723846039e-8))));
  const y = 1 - (lo - (r * c) / (2 - c) - hi);
  return k > -1021 ? y * 2 * powerOfTwo(k - 1) : y * powerOfTwo(k + 100) * 2 ** -100;
}

/** 2^k for a normal result, −1022 ≤ k ≤ 1023. */
function powerOfTwo(k: number): number {
  u32[0] = 0;
  u32[1] = (k + 1023) << 20;
  return f64[0];
}
