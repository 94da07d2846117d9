/** ψ and its derivatives. */
import { toNumber } from './double-double';
import { horner } from './horner';
import { digammaReflectedExact } from './lgamma-exact';
import { BERNOULLI, DIGAMMA_SERIES, STIRLING_FROM, TRIGAMMA_SERIES } from './stirling';

/** The positive root of ψ less 1, in two doubles. */
const ROOT_HI = 0.46163214496836225;
const ROOT_LO = 9.549995429965697e-17;
/** ψ(1 + z)/(1 + z − root), 0 ≤ z ≤ 1: minimax fit made for this project; error 2e-20. */
const ROOT_P = [
  1.2503801375034054, 1.8700043524338255, 0.9743403502685882, 0.21768187681527681, 0.02017953558560589,
  0.0005912225396509668, 1.1203401462381607e-6,
];
const ROOT_Q = [
  1, 2.179095485694399, 1.6669574789317858, 0.5736334426638753, 0.09182531435153238, 0.0061765834060357435,
  0.00012272117629166584,
];

function digammaPositive(x: number): number {
  if (x >= STIRLING_FROM) {
    const t = 1 / x / x;
    return Math.log(x) - (0.5 / x + t * horner(DIGAMMA_SERIES, t));
  }
  let y = x;
  let shift = 0;
  if (y < 1) shift = -1 / y;
  else {
    y -= 1;
    while (y > 1) {
      shift += 1 / y;
      y -= 1;
    }
  }
  return (y - ROOT_HI - ROOT_LO) * (horner(ROOT_P, y) / horner(ROOT_Q, y)) + shift;
}

/** π cot(πr) for 0 < |r| ≤ ½. */
function piCotangent(r: number): number {
  const z = Math.abs(r);
  const value = z > 0.25 ? Math.tan(Math.PI * (0.5 - z)) : 1 / Math.tan(Math.PI * z);
  return Math.sign(r) * Math.PI * value;
}

/**
 * ψ(x) = d log Γ(x)/dx; within 4 ulp for every double, the neighbourhoods of its roots included.
 * −∞ at +0 and ∞ at −0 (one-sided limits), NaN at the other poles and −∞.
 */
export function digamma(x: number): number {
  if (x > 0) return x === Infinity ? Infinity : digammaPositive(x);
  if (x === 0) return Object.is(x, -0) ? Infinity : -Infinity;
  if (!(x > -Infinity) || Number.isInteger(x)) return NaN;
  const r = x - Math.round(x);
  const straight = digammaPositive(1 - x);
  const value = straight - piCotangent(r);
  return Math.abs(value) > straight ? value : toNumber(digammaReflectedExact(x, r));
}

/** ψ′(x); within 4 ulp; ∞ at the poles 0, −1, −2, …; 0 at ∞. */
export function trigamma(x: number): number {
  if (x === Infinity) return 0;
  if (x <= 0) {
    if (x === -Infinity) return NaN;
    const s = Math.sin(Math.PI * (x - Math.round(x))) / Math.PI;
    return s === 0 ? Infinity : 1 / s / s - trigamma(1 - x);
  }
  let y = x;
  let shift = 0;
  for (; y < STIRLING_FROM; y++) shift += 1 / y / y;
  const t = 1 / y / y;
  return shift + (1 / y + (t / 2 + (t / y) * horner(TRIGAMMA_SERIES, t)));
}

/** Hurwitz's ζ(s, x) for integer s ≥ 2 and x > 0 by Euler's and Maclaurin's formula (DLMF 25.11.5). */
function hurwitzZeta(s: number, x: number): number {
  const direct = Math.max(0, Math.ceil(s + 10 - x));
  const y = x + direct;
  const power = Math.pow(y, -s);
  let factor = s / y;
  let tail = 0.5 * power + (y * power) / (s - 1);
  for (let k = 1; k <= BERNOULLI.length; k++) {
    const bernoulli = BERNOULLI[k - 1];
    // factor = s(s + 1)…(s + 2k − 2) / ((2k)! y^(2k − 1))
    factor =
      k === 1 ? factor / 2 : (factor * (s + 2 * k - 3) * (s + 2 * k - 2)) / ((2 * k - 1) * 2 * k * y * y);
    tail += ((bernoulli[0] * factor) / bernoulli[1]) * power;
  }
  for (let i = direct - 1; i >= 0; i--) tail += Math.pow(x + i, -s);
  return tail;
}

/** The coefficients of dⁿ cot(πx)/dxⁿ / πⁿ as a polynomial in cot(πx): p₀ = c, p_{k+1} = −(1 + c²) p_k′. */
export function cotangentDerivative(n: number): number[] {
  let p = [0, 1];
  for (let k = 0; k < n; k++) {
    const next = new Array<number>(p.length + 1).fill(0);
    for (let i = 1; i < p.length; i++) {
      next[i - 1] -= i * p[i];
      next[i + 1] -= i * p[i];
    }
    p = next;
  }
  return p;
}

/** ψ⁽ⁿ⁾(x) for whole n ≥ 2, given `cotangentDerivative(n)`. */
export function polygammaOfOrder(n: number, cotangents: readonly number[], x: number): number {
  const parity = Math.floor(n / 2) * 2 === n ? 1 : -1;
  if (x > 0) {
    if (x === Infinity) return -parity * 0;
    let factorial = 1;
    for (let k = 2; k <= n; k++) factorial *= k;
    return -parity * factorial * hurwitzZeta(n + 1, x);
  }
  if (Number.isInteger(x)) return parity < 0 ? Infinity : NaN;
  if (!(x > -Infinity)) return NaN;
  const cotangent = piCotangent(x - Math.round(x)) / Math.PI;
  const reflected = polygammaOfOrder(n, cotangents, 1 - x);
  return parity * reflected - Math.pow(Math.PI, n + 1) * horner(cotangents, cotangent);
}

/**
 * ψ⁽ⁿ⁾(x) for n = 0, 1, 2, …; NaN for other n. For x > 0 within 6 ulp (n ≥ 2: n! ζ(n + 1, x) up to sign); for x < 0
 * by reflection (DLMF 5.15.6), 1e-14 relative to the larger of its two terms. Infinite or NaN at the poles.
 */
export function polygamma(n: number, x: number): number {
  if (n === 0) return digamma(x);
  if (n === 1) return trigamma(x);
  if (!Number.isInteger(n) || n < 0) return NaN;
  return polygammaOfOrder(n, cotangentDerivative(n), x);
}
