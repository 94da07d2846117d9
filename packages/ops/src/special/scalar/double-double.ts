/**
 * Double-double arithmetic: an unevaluated sum hi + lo with |lo| ≤ ulp(hi)/2, about 106 bits. It is used where a
 * formula cancels, or where an exponent of magnitude m would cost m ulps of its exponential.
 *
 * Sources: Dekker, Numer. Math. 18 (1971) 224; Knuth, TAOCP 2, 4.2.2; Hida, Li & Bailey, ARITH-15 (2001).
 */
export interface DoubleDouble {
  readonly hi: number;
  readonly lo: number;
}

/** 2^27 + 1, Veltkamp's splitting constant for 53 bits. */
const SPLITTER = 134217729;
const HUGE = 2 ** 990;
const DOWN = 2 ** -60;

/** The rounding error of the sum: a + b = s + sumError(a, b, s) exactly, for s = fl(a + b). */
export function sumError(a: number, b: number, s: number): number {
  const bb = s - a;
  return a - (s - bb) + (b - bb);
}

/** The rounding error of the product: a·b = p + productError(a, b, p) exactly, for p = fl(a·b), barring underflow. */
export function productError(a: number, b: number, p: number): number {
  if (!(Math.abs(a) < Infinity && Math.abs(b) < Infinity)) return NaN;
  if (Math.abs(a) > HUGE) return productError(a * DOWN, b, p * DOWN) / DOWN;
  if (Math.abs(b) > HUGE) return productError(a, b * DOWN, p * DOWN) / DOWN;
  const ta = SPLITTER * a;
  const ah = ta - (ta - a);
  const al = a - ah;
  const tb = SPLITTER * b;
  const bh = tb - (tb - b);
  const bl = b - bh;
  return al * bl - (p - ah * bh - al * bh - ah * bl);
}

/** hi + lo renormalised; needs |hi| ≥ |lo| or hi = 0. */
function quick(hi: number, lo: number): DoubleDouble {
  const s = hi + lo;
  return { hi: s, lo: lo - (s - hi) };
}

export function sum(a: number, b: number): DoubleDouble {
  const s = a + b;
  return { hi: s, lo: sumError(a, b, s) };
}

export function product(a: number, b: number): DoubleDouble {
  const p = a * b;
  return { hi: p, lo: productError(a, b, p) };
}

export const fromNumber = (hi: number): DoubleDouble => ({ hi, lo: 0 });
export const toNumber = (x: DoubleDouble): number => x.hi + x.lo;
export const negate = (x: DoubleDouble): DoubleDouble => ({ hi: -x.hi, lo: -x.lo });

export function add(x: DoubleDouble, y: DoubleDouble): DoubleDouble {
  const s = x.hi + y.hi;
  const t = x.lo + y.lo;
  const first = quick(s, sumError(x.hi, y.hi, s) + t);
  return quick(first.hi, first.lo + sumError(x.lo, y.lo, t));
}

export const subtract = (x: DoubleDouble, y: DoubleDouble): DoubleDouble => add(x, negate(y));

export function addNumber(x: DoubleDouble, y: number): DoubleDouble {
  const s = x.hi + y;
  return quick(s, sumError(x.hi, y, s) + x.lo);
}

export function multiply(x: DoubleDouble, y: DoubleDouble): DoubleDouble {
  const p = x.hi * y.hi;
  return quick(p, productError(x.hi, y.hi, p) + (x.hi * y.lo + x.lo * y.hi));
}

export function multiplyNumber(x: DoubleDouble, y: number): DoubleDouble {
  const p = x.hi * y;
  return quick(p, productError(x.hi, y, p) + x.lo * y);
}

export function divide(x: DoubleDouble, y: DoubleDouble): DoubleDouble {
  const q1 = x.hi / y.hi;
  const r1 = subtract(x, multiplyNumber(y, q1));
  const q2 = r1.hi / y.hi;
  const r2 = subtract(r1, multiplyNumber(y, q2));
  return addNumber(quick(q1, q2), r2.hi / y.hi);
}

/** c₀ + x (c₁ + x (c₂ + …)), lowest coefficient first. */
export function polynomial(coefficients: readonly DoubleDouble[], x: DoubleDouble): DoubleDouble {
  let y = coefficients[coefficients.length - 1];
  for (let i = coefficients.length - 2; i >= 0; i--) y = add(multiply(y, x), coefficients[i]);
  return y;
}
