/**
 * The quantile of the gamma distribution. As functions of u = log x both log P and log Q are concave (the density of log x is
 * log-concave), so Newton's method on them converges from everywhere, monotonically after the first step.
 */
import { addNumber, divide, fromNumber } from './double-double';
import { ndtri } from './erf-inverse';
import { gammainc, gammaincc, logGammaTail, logScaledDensity } from './incomplete-gamma';
import { lgammaExact } from './lgamma-exact';
import { expOf, logOfNumber } from './log-exp';
import { add, sum } from './double-double';

/** (p Γ(a + 1))^(1/a): the quantile where it is tiny, and a lower bound of it everywhere. */
const smallQuantile = (a: number, p: number): number =>
  expOf(divide(add(logOfNumber(p), lgammaExact(sum(a, 1))), fromNumber(a)));

/** Wilson & Hilferty, PNAS 17 (1931) 684. */
const middleQuantile = (a: number, p: number): number =>
  a * (1 - 1 / (9 * a) + ndtri(p) / (3 * Math.sqrt(a))) ** 3;

/**
 * x with P(a, x) = p, for a > 0; relative error below 1e-14 · max(1, 1/a). 0 at p = 0, ∞ at p = 1, NaN outside; below the
 * smallest double it is 0.
 */
export function gammaincinv(a: number, p: number): number {
  if (!(a > 0 && p >= 0 && p <= 1) || a === Infinity) return NaN;
  if (p === 0) return 0;
  if (p === 1) return Infinity;
  const small = smallQuantile(a, p);
  if (small < 1e-17) return small;
  const wanted = p < 0.5 ? 'lower' : 'upper';
  const target = wanted === 'lower' ? p : 1 - p;
  let x = a > 1 ? Math.max(middleQuantile(a, p), small) : Math.max(small, 1e-3 * a);
  for (let i = 0; i < 60; i++) {
    const logTail = logGammaTail(a, x, wanted);
    let gap = logTail - Math.log(target);
    if (Math.abs(gap) < 0.5) {
      const tail = wanted === 'lower' ? gammainc(a, x) : gammaincc(a, x);
      if (tail > 1e-300) gap = Math.log1p((tail - target) / target);
    }
    const slope = expOf(addNumber(logScaledDensity(a, x), -logTail));
    const step = (wanted === 'lower' ? -gap : gap) / slope;
    x *= Math.exp(Math.min(Math.max(step, -40), 40));
    if (Math.abs(step) < 1e-9) break;
  }
  return x;
}
