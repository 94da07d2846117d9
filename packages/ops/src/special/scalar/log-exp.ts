/**
 * Logarithm to 104 bits and exponential of a double-double, both by tables made on loading (so there is no constant to
 * trust but log 2), as in Tang, ACM TOMS 16 (1990) 378.
 */
import { highWord, powerOfTwo, withHighWord } from '../../random/float-bits';
import {
  add,
  addNumber,
  divide,
  fromNumber,
  multiply,
  multiplyNumber,
  polynomial,
  product,
  sum,
  type DoubleDouble,
} from './double-double';

/** log 2 in two doubles. */
export const LOG2: DoubleDouble = { hi: 0.6931471805599453, lo: 2.3190468138462996e-17 };

const ONE = fromNumber(1);
const reciprocal = (n: number): DoubleDouble => divide(ONE, fromNumber(n));

/** 1/k for k = 3, 5, …, 59. */
const ODD_RECIPROCALS = Array.from({ length: 29 }, (_, i) => reciprocal(2 * i + 3));

/** log c = 2 artanh((c − 1)/(c + 1)) for c in [0.7, 1.42]; only for the table. */
function slowLog(c: number): DoubleDouble {
  const s = divide(fromNumber(c - 1), fromNumber(c + 1));
  const square = multiply(s, s);
  let term = s;
  let total = s;
  for (const inverse of ODD_RECIPROCALS) {
    term = multiply(term, square);
    total = add(total, multiply(term, inverse));
  }
  return multiplyNumber(total, 2);
}

const LOG_FIRST = 90;
const LOG_TABLE = Array.from({ length: 93 }, (_, i) => slowLog((LOG_FIRST + i) / 128));
/** (−1)^(n+1)/n: the first seven in full, the rest as numbers. */
const LOG_HEAD = [1, 2, 3, 4, 5, 6, 7].map((n) => multiplyNumber(reciprocal(n), n % 2 === 1 ? 1 : -1));

/** x = mantissa · 2^exponent with mantissa in [√½, √2), for positive finite x. */
export function splitExponent(x: number): { readonly mantissa: number; readonly exponent: number } {
  if (x < 2.2250738585072014e-308) {
    const { mantissa, exponent } = splitExponent(x * 2 ** 60);
    return { mantissa, exponent: exponent - 60 };
  }
  const high = highWord(x);
  const m = withHighWord(x, (high & 0x000fffff) | 0x3ff00000);
  const exponent = (high >>> 20) - 1023;
  return m >= Math.SQRT2 ? { mantissa: m / 2, exponent: exponent + 1 } : { mantissa: m, exponent };
}

/** log x; for finite x > 0 with a relative error below 2^-100 (also near 1). */
export function logOfNumber(x: number): DoubleDouble {
  if (!(x > 0 && x < Infinity)) return fromNumber(Math.log(x));
  const { mantissa, exponent } = splitExponent(x);
  const j = Math.round(mantissa * 128);
  const c = j / 128;
  const r = divide(fromNumber(mantissa - c), fromNumber(c));
  const h = r.hi;
  const tail =
    -1 / 8 +
    h * (1 / 9 + h * (-1 / 10 + h * (1 / 11 + h * (-1 / 12 + h * (1 / 13 + h * (-1 / 14 + h / 15))))));
  let series = fromNumber(tail);
  for (let n = 6; n >= 0; n--) series = add(multiply(series, r), LOG_HEAD[n]);
  const nearOne = add(LOG_TABLE[j - LOG_FIRST], multiply(series, r));
  return exponent === 0 ? nearOne : add(multiplyNumber(LOG2, exponent), nearOne);
}

/** log x for a double-double x > 0. */
export function log(x: DoubleDouble): DoubleDouble {
  const y = logOfNumber(x.hi);
  if (x.lo === 0) return y;
  const r = divide(fromNumber(x.lo), fromNumber(x.hi));
  return add(y, addNumber(r, (-r.hi * r.hi) / 2));
}

/** 1/n! for n < 28. */
const EXP_COEFFICIENTS: DoubleDouble[] = [ONE];
for (let n = 1; n < 28; n++) EXP_COEFFICIENTS.push(multiply(EXP_COEFFICIENTS[n - 1], reciprocal(n)));
/** e^(j/64) for |j| ≤ 24 by Taylor's series. */
const EXP_TABLE = Array.from({ length: 49 }, (_, i) =>
  polynomial(EXP_COEFFICIENTS, fromNumber((i - 24) / 64)),
);

/** m · 2^n, rounded once. */
export function scaleByPowerOfTwo(m: number, n: number): number {
  if (n > 1000) return m * 2 ** 1000 * powerOfTwo(Math.min(n - 1000, 1000));
  if (n >= -1000) return m * powerOfTwo(n);
  if (n >= -1200) return m * powerOfTwo(n + 200) * 2 ** -200;
  if (n >= -2000) return m * 2 ** -1000 * powerOfTwo(n + 1000);
  return n < -2200 ? m * 0 : m * 2 ** -900 * 2 ** -900 * powerOfTwo(n + 1800);
}

/** factor · e^x with x known to more than 53 bits: relative error below 1.2 ulp, whatever the size of x. */
export function timesExp(factor: number, x: DoubleDouble): number {
  if (!(x.hi < 1e5)) return factor * Math.exp(x.hi);
  if (x.hi < -1e5) return factor * 0;
  const n = Math.round(x.hi / LOG2.hi);
  const reduced = add(x, multiplyNumber(LOG2, -n));
  const j = Math.round(reduced.hi * 64);
  const r = addNumber(reduced, -j / 64);
  const h = r.hi;
  const square = product(h, h);
  const cubic = h * h * h * (1 / 6 + h * (1 / 24 + h * (1 / 120 + h * (1 / 720 + h / 5040))));
  // e^r − 1 to 75 bits: r and r²/2 with their low parts, the rest in one double.
  const head = sum(h, square.hi / 2);
  const low = head.lo + square.lo / 2 + r.lo * (1 + h) + cubic;
  const scale = EXP_TABLE[j + 24];
  const grown = addNumber(multiply(scale, addNumber(head, low)), 0);
  const power = add(scale, grown);
  const value = power.hi * factor;
  return scaleByPowerOfTwo(Number.isFinite(value) ? multiplyNumber(power, factor).hi : value, n);
}

/** e^x of a double-double. */
export const expOf = (x: DoubleDouble): number => timesExp(1, x);
