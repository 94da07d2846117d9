/**
 * Standard gamma draws: Marsaglia & Tsang, "A simple method for generating gamma variables" (ACM TOMS 26, 2000).
 * For concentration a < 1, Gamma(a) = Gamma(a + 1) · U^(1/a), taken in log space, where nothing underflows.
 */
import { BOOST_LANE, type Blocks } from './philox';
import { exp, log, log1p } from './portable-math';
import { normalQuantile } from './standard-normal';

/**
 * log(1 + t) − t + t²/2 − t³/3. The acceptance bound of the paper, x²/2 + d(1 − v + log v) with v = (1 + t)³,
 * t = x/√(9d), is 3d times this exactly; written so, it does not cancel however large d is.
 */
function logRemainder(t: number): number {
  if (Math.abs(t) > 0.125) return log1p(t) - t * (1 - t * (0.5 - t / 3));
  let sum = 0;
  for (let n = 20; n >= 4; n--) sum = 1 / n - t * sum;
  return -sum * t * t * t * t;
}

/** t of the accepted proposal d(1 + t)³ for concentration d + ⅓ ≥ 1. */
function acceptedProposal(blocks: Blocks, element: number, d: number): number {
  const c = 1 / (3 * Math.sqrt(d));
  for (let attempt = 0; ; attempt++) {
    blocks.load(element, attempt);
    const t = c * normalQuantile(blocks.first);
    if (t > -1 && log(blocks.second) <= 3 * d * logRemainder(t)) return t;
  }
}

/** Logarithm of a Gamma(concentration, 1) draw for one element. NaN unless concentration > 0. */
export function drawLogGamma(blocks: Blocks, element: number, concentration: number): number {
  if (!(concentration > 0)) return NaN;
  if (concentration === Infinity) return Infinity;
  const d = (concentration < 1 ? concentration + 1 : concentration) - 1 / 3;
  const draw = log(d) + 3 * log1p(acceptedProposal(blocks, element, d));
  if (concentration >= 1) return draw;
  blocks.load(element, BOOST_LANE);
  return draw + log(blocks.first) / concentration;
}

/** A Gamma(concentration, 1) draw for one element: the exponential of `drawLogGamma`, without its rounding. */
export function drawGamma(blocks: Blocks, element: number, concentration: number): number {
  if (!(concentration >= 1 && concentration < Infinity))
    return exp(drawLogGamma(blocks, element, concentration));
  const d = concentration - 1 / 3;
  return d * cube(1 + acceptedProposal(blocks, element, d));
}

/** `x ** 3` is Math.pow, which engines round differently. */
function cube(x: number): number {
  return x * x * x;
}
