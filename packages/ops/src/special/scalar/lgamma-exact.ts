/**
 * log|Γ| and ψ in double-double, for the arguments where a formula made of them cancels: near roots on the negative
 * axis, and in log B(a, b) and binomial coefficients. About 30 digits (absolute, relative to the largest term).
 */
import {
  add,
  addNumber,
  divide,
  fromNumber,
  multiply,
  multiplyNumber,
  negate,
  subtract,
  sum,
  type DoubleDouble,
} from './double-double';
import { log } from './log-exp';
import { BERNOULLI } from './stirling';

/** Stirling's series has 1e-34 left after 16 terms from here on. */
const FROM = 24;
/** Terms that need more than 53 bits at x ≥ 24. */
const FULL_TERMS = 7;
const ONE = fromNumber(1);
const PI: DoubleDouble = { hi: Math.PI, lo: 1.2246467991473532e-16 };
/** log √(2π). */
const LOG_SQRT_TWO_PI = multiplyNumber(log(multiplyNumber(PI, 2)), 0.5);

const ratio = (n: number, d: number): DoubleDouble => divide(fromNumber(n), fromNumber(d));
const LGAMMA = BERNOULLI.map(([n, d], i) => ratio(n, d * (2 * i + 2) * (2 * i + 1)));
const DIGAMMA = BERNOULLI.map(([n, d], i) => ratio(n, d * (2 * i + 2)));

/** Σ cₖ tᵏ with the small terms in one double. */
function series(c: readonly DoubleDouble[], t: DoubleDouble): DoubleDouble {
  let tail = 0;
  for (let k = c.length - 1; k >= FULL_TERMS; k--) tail = tail * t.hi + c[k].hi;
  let y = fromNumber(tail);
  for (let k = FULL_TERMS - 1; k >= 0; k--) y = add(multiply(y, t), c[k]);
  return y;
}

/** log|Γ(x)| of a double-double that is neither 0 nor a negative integer, x > −100. */
export function lgammaExact(x: DoubleDouble): DoubleDouble {
  let y = x;
  let shift = ONE;
  while (y.hi < FROM) {
    shift = multiply(shift, y);
    y = add(y, ONE);
  }
  const logY = log(y);
  let total = add(subtract(multiply(addNumber(y, -0.5), logY), y), LOG_SQRT_TWO_PI);
  if (y.hi < 1e30) {
    const inverse = divide(ONE, y);
    total = add(total, multiply(series(LGAMMA, multiply(inverse, inverse)), inverse));
  }
  if (shift.hi === 1 && shift.lo === 0) return total;
  return subtract(total, log(shift.hi < 0 ? negate(shift) : shift));
}

/** ψ(x) for x > 0. */
export function digammaExact(x: DoubleDouble): DoubleDouble {
  let y = x;
  let shift = fromNumber(0);
  while (y.hi < FROM) {
    shift = add(shift, divide(ONE, y));
    y = add(y, ONE);
  }
  const inverse = divide(ONE, y);
  const square = multiply(inverse, inverse);
  const asymptotic = subtract(
    log(y),
    add(multiplyNumber(inverse, 0.5), multiply(series(DIGAMMA, square), square)),
  );
  return subtract(asymptotic, shift);
}

/** π cot(πr) for 0 < |r| ≤ ½, by the series of sine and cosine. */
export function cotangentExact(r: number): DoubleDouble {
  const swapped = Math.abs(r) > 0.25;
  const angle = multiplyNumber(PI, swapped ? 0.5 - Math.abs(r) : Math.abs(r));
  const square = negate(multiply(angle, angle));
  let sine = angle;
  let cosine = ONE;
  let term = ONE;
  for (let k = 1; k < 26; k += 2) {
    term = divide(multiply(term, square), fromNumber(k * (k + 1)));
    cosine = add(cosine, term);
    sine = add(sine, divide(multiply(term, angle), fromNumber(k + 2)));
  }
  const value = swapped ? divide(sine, cosine) : divide(cosine, sine);
  return multiply(multiplyNumber(PI, Math.sign(r)), value);
}

/** ψ(x) = ψ(1 − x) − π cot(πx) for negative x where the two cancel; `r` is x less the nearest integer. */
export function digammaReflectedExact(x: number, r: number): DoubleDouble {
  return subtract(digammaExact(sum(1, -x)), cotangentExact(r));
}
