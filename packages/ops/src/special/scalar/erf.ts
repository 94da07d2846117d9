/**
 * The error function and its complements. The rational approximations are minimax fits in the manner of Cody, Math.
 * Comp. 23 (1969) 631, made for this project (error before rounding below 1e-18); e^(−x²) is taken of the exact square.
 */
import { negate, product } from './double-double';
import { horner } from './horner';
import { timesExp } from './log-exp';

/** (erf(x) − x)/x in x², 0 ≤ x ≤ 1. */
const ERF_P = [
  0.1283791670955126, -0.317014275275791, -0.048309405712693924, -0.008812474530097748,
  -0.0004951216076354877, -2.0709735136610705e-5,
];
const ERF_Q = [
  1, 0.460449425661626, 0.09378357607415011, 0.010687247967866305, 0.0006919054871626648,
  2.0783359954135625e-5,
];
/** erfcx(x), 0.5 ≤ x ≤ 2. */
const NEAR_P = [
  1.0000000000218563, 1.4704902315587, 1.0830776150192127, 0.4779320308295271, 0.13151808833173054,
  0.021310985712970795, 0.0016007064409389446,
];
const NEAR_Q = [
  1, 2.5988693990385734, 3.015587699721895, 2.0340417631893875, 0.8661074045804151, 0.23451757496875425,
  0.03777343395195646, 0.0028371562326797114,
];
/** erfcx(x), 2 ≤ x ≤ 5. */
const MIDDLE_P = [
  1.0000011089763556, 1.6987086340630335, 1.4147694781222793, 0.7137929063968086, 0.22904900250663468,
  0.04477305726922145, 0.004384708920935023, -1.7898391666268583e-11,
];
const MIDDLE_Q = [
  1, 2.8270966073350037, 3.6047720484967973, 2.706586704815877, 1.3048574786382392, 0.40986359960218505,
  0.07935823417868154, 0.007771692269701154,
];
/** x·erfcx(x) in 1/x², x ≥ 5. */
const FAR_P = [
  0.5641895835477563, 18.165093656636607, 203.18366990954007, 966.2968958080631, 1907.2977492599869,
  1257.2423555638984, 121.68800598064188,
];
const FAR_Q = [
  1, 32.69679020376492, 375.73207327416196, 1877.9350980773013, 4092.509716215731, 3385.6637905844264,
  697.6778105043064,
];

/** erf for |x| ≤ 1: x plus a correction of at most 16 %. */
function erfSmall(x: number): number {
  const t = x * x;
  return x + x * (horner(ERF_P, t) / horner(ERF_Q, t));
}

/** erfcx for x ≥ 0.5. */
function erfcxPositive(x: number): number {
  if (x < 2) return horner(NEAR_P, x) / horner(NEAR_Q, x);
  if (x < 5) return horner(MIDDLE_P, x) / horner(MIDDLE_Q, x);
  const t = 1 / x / x;
  return horner(FAR_P, t) / horner(FAR_Q, t) / x;
}

/** e^(−x²)·erfcx(x) for x ≥ 0.5. */
function erfcTail(x: number): number {
  return x > 28 ? 0 : timesExp(erfcxPositive(x), negate(product(x, x)));
}

/** erf(x); within 2 ulp of the exact value for every double. */
export function erf(x: number): number {
  if (Number.isNaN(x)) return NaN;
  const z = Math.abs(x);
  if (z < 1) return erfSmall(x);
  if (z > 6) return Math.sign(x);
  return x < 0 ? erfcTail(z) - 1 : 1 - erfcTail(z);
}

/** erfc(x) = 1 − erf(x); within 4 ulp, into the subnormal tail (0 beyond x = 27.23). */
export function erfc(x: number): number {
  if (Number.isNaN(x)) return NaN;
  if (x < 0.5) return x > -1 ? 1 - erfSmall(x) : x < -6 ? 2 : 2 - erfcTail(-x);
  return erfcTail(x);
}

/** erfcx(x) = e^(x²) erfc(x); within 5 ulp; overflows below x = −26.63. */
export function erfcx(x: number): number {
  if (Number.isNaN(x)) return NaN;
  if (x >= 0.5) return erfcxPositive(x);
  if (x > -0.5) return Math.exp(x * x) * (1 - erfSmall(x));
  if (x < -27) return Infinity;
  return timesExp(2, product(x, x)) - erfcxPositive(-x);
}
