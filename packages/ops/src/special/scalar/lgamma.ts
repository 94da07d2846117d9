/**
 * log|Γ(x)|. Between 0.5 and 3 polynomials fitted for this project (Chebyshev interpolation at 50 digits) that carry the
 * roots at 1 and 2 as factors; from 10 Stirling's series with a logarithm to 104 bits; recurrence between (the plan
 * of fdlibm's e_lgamma_r.c). On the negative axis, where the function has two roots between −2 and −3, −3 and −4, …,
 * the recurrence in double-double.
 */
import { addNumber, fromNumber, multiplyNumber, toNumber } from './double-double';
import { horner } from './horner';
import { lgammaExact } from './lgamma-exact';
import { logOfNumber } from './log-exp';
import { LOG_SQRT_TWO_PI, STIRLING_FROM, stirlingRemainder } from './stirling';

/** log Γ(1 + z)/z, |z| ≤ 1/2; error 1.7e-17. */
const AROUND_ONE = [
  -0.5772156649015329, 0.8224670334241132, -0.4006856343865406, 0.2705808084277935, -0.2073855510262953,
  0.16955717699509998, -0.14404989701106719, 0.1255096697597847, -0.1113342530365414, 0.10009944506030896,
  -0.09095442301348973, 0.08335423437020126, -0.07692423568567124, 0.07142491150665906, -0.06678275881746833,
  0.0626116167474043, -0.057737256640806416, 0.054501409023364235, -0.059850048562680856,
  0.057003000096539545, -0.014509338086091672, 0.01333577663873192, -0.14497971020532596, 0.14011729595820724,
  0.1528715168258553, -0.14857260899606312, -0.22471180158915516, 0.21762817640022097,
];
/** log Γ(2 + z)/z, −1/2 ≤ z ≤ 1; error 6e-19. */
const AROUND_TWO = [
  0.42278433509846713, 0.3224670334241132, -0.06735230105319803, 0.020580808427784467, -0.0073855510286789435,
  0.0028905103307501107, -0.0011927539115411708, 0.000509669524385722, -0.0002231547609815286,
  9.945751997086566e-5, -4.4926217372662964e-5, 2.0507135107697608e-5, -9.439539486525303e-6,
  4.3753272614320604e-6, -2.0394514921931776e-6, 9.537731988135254e-7, -4.47207500870406e-7,
  2.1314308874814206e-7, -1.0529221472564566e-7, 5.115528766000617e-8, -2.072250123349412e-8,
  5.599043748827476e-9, -7.135464237889196e-10,
];

/** log π. */
const LOG_PI = 1.1447298858494002;

/** log Γ overflows just beyond (fdlibm's e_lgamma_r.c has the same). */
const LARGEST = 2.556348e305;

/** log Γ(1 + z) for |z| ≤ 1/2; relative error below 2 ulp, also near the root at 0. */
export const lgamma1p = (z: number): number => z * horner(AROUND_ONE, z);

function lgammaPositive(x: number): number {
  if (x < 0.5) return lgamma1p(x) - Math.log(x);
  if (x < 1.5) return lgamma1p(x - 1);
  if (x < 3) return (x - 2) * horner(AROUND_TWO, x - 2);
  if (x < STIRLING_FROM) {
    let y = x;
    let product = 1;
    while (y >= 3) product *= --y;
    return Math.log(product) + (y - 2) * horner(AROUND_TWO, y - 2);
  }
  const logX = logOfNumber(x);
  if (x > LARGEST) return Infinity;
  if (x > 1e17) return multiplyNumber(addNumber(logX, -1), x).hi;
  const main = addNumber(multiplyNumber(logX, x - 0.5), -x);
  return main.hi + (main.lo + LOG_SQRT_TWO_PI + stirlingRemainder(x));
}

function lgammaNegative(x: number): number {
  if (x > -0.5) return lgamma1p(x) - Math.log(-x);
  if (x > -2) return lgammaPositive(x + 2) - Math.log(Math.abs(x * (x + 1)));
  // Below −30 a root is closer to a pole than the next double is.
  if (x > -30) return toNumber(lgammaExact(fromNumber(x)));
  const r = x - Math.round(x);
  return Math.log(Math.PI / Math.abs(x * Math.sin(Math.PI * r))) - lgammaPositive(-x);
}

/**
 * log|Γ(x)|; within 4 ulp for every double, next to the roots on the negative axis within 2e-30; ∞ at 0, −1, −2, … and ±∞.
 */
export function lgamma(x: number): number {
  if (Number.isNaN(x)) return NaN;
  if (x === Infinity || x === -Infinity) return Infinity;
  if (x > 0) return lgammaPositive(x);
  return Number.isInteger(x) ? Infinity : lgammaNegative(x);
}

/** log of the multivariate gamma function Γ_p(a) = π^(p(p−1)/4) Π Γ(a − j/2), for a > (p − 1)/2. */
export function mvlgamma(a: number, p: number): number {
  let total = fromNumber(0.25 * p * (p - 1) * LOG_PI);
  for (let j = 0; j < p; j++) total = addNumber(total, lgamma(a - j / 2));
  return toNumber(total);
}
