/**
 * The regularised incomplete gamma functions P and Q. Power series left of the mode, continued fraction right of it
 * (DLMF 8.7.1, 8.9.2), Temme's uniform expansion for large a near x = a, Gautschi's form of Q for small a and x (ACM TOMS 5
 * (1979) 466). The common factor x^a e^−x/Γ(a + 1) has its exponent in double-double: for a = 10⁵ it would cost six digits.
 */
import {
  add,
  addNumber,
  fromNumber,
  multiplyNumber,
  negate,
  subtract,
  sum,
  type DoubleDouble,
} from './double-double';
import { erfcx } from './erf';
import { horner } from './horner';
import { lgamma, lgamma1p } from './lgamma';
import { lgammaExact } from './lgamma-exact';
import { logOfNumber, timesExp } from './log-exp';
import { TEMME } from './temme';

/** P or Q as factor · e^exponent, whichever is computed without subtraction from 1. */
export interface GammaTail {
  readonly isLower: boolean;
  readonly factor: number;
  readonly exponent: DoubleDouble;
}

/** Which formula serves (a, x). */
export type GammaRegion = 'uniform' | 'series' | 'fraction' | 'small';

export function gammaRegion(a: number, x: number): GammaRegion {
  if (a >= 40 && x >= 0.5 * a && x <= 1.8 * a) return 'uniform';
  if (a < 1) return x < 1 ? 'small' : 'fraction';
  return x < a + 0.5 ? 'series' : 'fraction';
}

/** log of x^a e^−x/Γ(a + 1). */
export function gammaExponent(a: number, x: number): DoubleDouble {
  const power = addNumber(multiplyNumber(logOfNumber(x), a), -x);
  return subtract(power, lgammaExact(sum(a, 1)));
}

/** Σ xⁿ/((a + 1)…(a + n)) = P(a, x) Γ(a + 1)/(x^a e^−x). */
function series(a: number, x: number): number {
  let term = 1;
  let total = 1;
  for (let n = 1; term > total * 1e-17; n++) {
    term *= x / (a + n);
    total += term;
  }
  return total;
}

/**
 * Q(a, x) Γ(a)/(x^a e^−x): the modified Lentz algorithm finds how many terms are needed, then the fraction is evaluated from
 * the last one backwards, which rounds less.
 */
function fraction(a: number, x: number): number {
  const first = x + 1 - a;
  let c = 1e300;
  let d = 1 / first;
  let terms = 1;
  for (; terms < 10000; terms++) {
    const numerator = -terms * (terms - a);
    const b = first + 2 * terms;
    d = 1 / (numerator * d + b);
    c = b + numerator / c;
    if (Math.abs(c * d - 1) < 2e-16) break;
  }
  let y = first + 2 * terms;
  for (let n = terms; n > 0; n--) y = first + 2 * (n - 1) - (n * (n - a)) / y;
  return 1 / y;
}

/** Q for a < 1, x < 1: 1 − x^a/Γ(1 + a) and the rest of the alternating series, each small when Q is. */
function smallUpper(a: number, x: number): number {
  const u = a * Math.log(x) - lgammaOnePlus(a);
  let power = -1;
  let rest = 0;
  for (let n = 1; n < 30; n++) {
    power *= -x / n;
    rest += power / (a + n);
  }
  return -Math.expm1(u) + Math.exp(u) * a * rest;
}

/** log Γ(1 + a) for 0 < a < 1, without rounding 1 + a. */
const lgammaOnePlus = (a: number): number => (a <= 0.5 ? lgamma1p(a) : lgamma(1 + a));

/** What the uniform expansion is made of. λ = x/a, μ = λ − 1, η²/2 = μ − log λ with the sign of μ. */
export interface Uniform {
  readonly mu: number;
  readonly eta: number;
  /** μ/η, 1 at η = 0. */
  readonly muOverEta: number;
  /** a η²/2. */
  readonly phase: DoubleDouble;
}

export function uniformVariables(a: number, x: number): Uniform {
  const mu = (x - a) / a;
  const logRatio = subtract(logOfNumber(x), logOfNumber(a));
  const phase = subtract(sum(x, -a), multiplyNumber(logRatio, a));
  if (Math.abs(mu) < 0.1) {
    // η²/μ² = 2 Σ (−μ)^k/(k + 2)
    let total = 0;
    for (let k = 20; k >= 0; k--) total = 2 / (k + 2) - mu * total;
    const root = Math.sqrt(total);
    return { mu, eta: mu * root, muOverEta: 1 / root, phase };
  }
  const eta = Math.sign(mu) * Math.sqrt((2 * phase.hi) / a);
  return { mu, eta, muOverEta: mu / eta, phase };
}

function uniform(a: number, x: number): GammaTail {
  const { eta, phase } = uniformVariables(a, x);
  let rest = 0;
  for (let k = TEMME.length - 1; k >= 0; k--) rest = rest / a + horner(TEMME[k], eta);
  const isLower = x < a;
  const tail = 0.5 * erfcx(Math.abs(eta) * Math.sqrt(a / 2));
  const correction = rest / Math.sqrt(2 * Math.PI * a);
  return { isLower, factor: isLower ? tail - correction : tail + correction, exponent: negate(phase) };
}

/** P or Q for 0 < a, x < ∞. With `wanted` 'lower', P itself where a < 1 and x < 1. */
export function gammaTail(a: number, x: number, wanted: 'lower' | 'upper'): GammaTail {
  const region = gammaRegion(a, x);
  if (region === 'uniform') return uniform(a, x);
  if (region === 'small' && wanted === 'upper') {
    return { isLower: false, factor: smallUpper(a, x), exponent: fromNumber(0) };
  }
  const exponent = gammaExponent(a, x);
  const isLower = region !== 'fraction' || (wanted === 'lower' && x < a + 1);
  return { isLower, factor: isLower ? series(a, x) : a * fraction(a, x), exponent };
}

/** The values at the edges; undefined inside. */
function lowerEdge(a: number, x: number): number | undefined {
  if (!(a >= 0 && x >= 0)) return NaN;
  if (a === 0) return x === 0 ? NaN : 1;
  if (x === 0) return 0;
  if (a === Infinity) return x === Infinity ? NaN : 0;
  return x === Infinity ? 1 : undefined;
}

/** P(a, x) = γ(a, x)/Γ(a); relative error below 2e-15 for every a > 0, x ≥ 0, subnormal tails included. NaN for a < 0. */
export function gammainc(a: number, x: number): number {
  const edge = lowerEdge(a, x);
  if (edge !== undefined) return edge;
  const { isLower, factor, exponent } = gammaTail(a, x, 'lower');
  return isLower ? timesExp(factor, exponent) : 1 - timesExp(factor, exponent);
}

/** Q(a, x) = 1 − P(a, x); relative error below 2e-15, subnormal tails included. NaN for a < 0. */
export function gammaincc(a: number, x: number): number {
  const edge = lowerEdge(a, x);
  if (edge !== undefined) return 1 - edge;
  const { isLower, factor, exponent } = gammaTail(a, x, 'upper');
  return isLower ? 1 - timesExp(factor, exponent) : timesExp(factor, exponent);
}

/** log P or log Q, also where they underflow. */
export function logGammaTail(a: number, x: number, wanted: 'lower' | 'upper'): number {
  const { isLower, factor, exponent } = gammaTail(a, x, wanted);
  if (isLower === (wanted === 'lower')) return Math.log(factor) + exponent.hi;
  return Math.log1p(-timesExp(factor, exponent));
}

/** log of x · density of Gamma(a, 1). */
export const logScaledDensity = (a: number, x: number): DoubleDouble =>
  add(gammaExponent(a, x), logOfNumber(a));
