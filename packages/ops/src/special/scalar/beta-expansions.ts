/**
 * The two expansions of the incomplete beta function, each with its derivative in one direction of (a, b): the continued
 * fraction of DiDonato & Morris (ACM TOMS 18 (1992) 360, BFRAC) by Lentz's algorithm, and the power series (DLMF 8.17.7).
 */
import { fromNumber, multiply, subtract, sum, type DoubleDouble } from './double-double';

/** A value and its derivative in one direction of (a, b). */
export interface Dual {
  readonly value: number;
  readonly slope: number;
}

/** I_x(a, b) · a B(a, b)/(x^a (1 − x)^b) for x ≤ a/(a + b), and its derivative along (da, db). */
export function betaFraction(a: number, b: number, x: DoubleDouble, da: number, db: number): Dual {
  const z = x.hi;
  // λ = a − (a + b) x, exactly: it is small near the mean.
  const lambda = subtract(fromNumber(a), multiply(sum(a, b), x)).hi;
  const dLambda = da - (da + db) * z;
  let c = 1e300;
  let dc = 0;
  let d = 0;
  let dd = 0;
  let h = 0;
  let dh = 0;
  for (let n = 0; n < 50000; n++) {
    const low = a + 2 * n - 1;
    const high = a + 2 * n + 1;
    const middle = lambda + 1 + n * (2 - z);
    let alpha = 1;
    let dAlpha = 0;
    let beta = middle / high;
    let dBeta = (dLambda - beta * da) / high;
    if (n > 0) {
      // The first partial numerator is a times the usual one and the first denominator 1/a of it: no pole at a = 0.
      const first = n === 1 ? 1 : a + n - 1;
      const dFirst = n === 1 ? 0 : da;
      const second = a + b + n - 1;
      const third = (n * (b - n) * z * z) / low / low;
      alpha = first * second * third;
      dAlpha =
        dFirst * second * third +
        first * (da + db) * third +
        (first * second * n * z * z * db) / low / low -
        (2 * alpha * da) / low;
      const share = (a + n) / high;
      const left = (n * (b - n) * z) / low;
      beta = n + left + share * middle;
      dBeta = (n * z * db - left * da) / low + (da / high) * (1 - share) * middle + share * dLambda;
    }
    const next = 1 / (alpha * d + beta);
    dd = n === 0 ? -next * next * dBeta : -next * next * (dAlpha * d + alpha * dd + dBeta);
    d = next;
    if (n === 0) {
      h = d;
      dh = dd;
      continue;
    }
    dc = dBeta + dAlpha / c - (alpha * dc) / c / c;
    c = beta + alpha / c;
    const factor = c * d;
    const dFactor = dc * d + c * dd;
    dh = dh * factor + h * dFactor;
    h *= factor;
    if (Math.abs(factor - 1) < 1e-16 && Math.abs(h * dFactor) <= 1e-16 * Math.abs(dh)) break;
  }
  return { value: h, slope: dh };
}

/**
 * a Σ_{n≥1} (1 − b)ₙ xⁿ/(n! (a + n)), and its derivative along (da, db). One plus this, times x^a/(a B(a, b)), is
 * I_x(a, b). Without much cancellation for b x ≤ 1.5.
 */
export function betaSeries(a: number, b: number, x: number, da: number, db: number): Dual {
  let c = 1;
  let dc = 0;
  let value = 0;
  let slope = 0;
  for (let n = 1; n < 2000; n++) {
    dc = ((dc * (n - b) - c * db) * x) / n;
    c = (c * (n - b) * x) / n;
    const part = c / (a + n);
    const dPart = (dc - part * da) / (a + n);
    value += part;
    slope += dPart;
    if (Math.abs(part) <= 1e-17 * Math.abs(value) && Math.abs(dPart) <= 1e-17 * Math.abs(slope)) break;
  }
  return { value: a * value, slope: da * value + a * slope };
}
