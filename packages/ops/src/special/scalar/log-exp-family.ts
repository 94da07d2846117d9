/** Logarithms and exponentials arranged so that they neither overflow nor cancel. */

/** log(1 + x); fdlibm's (by ECMAScript engines), within 1 ulp; −∞ at −1, NaN below. */
export const log1p = (x: number): number => Math.log1p(x);

/** e^x − 1; fdlibm's (by ECMAScript engines), within 1 ulp. */
export const expm1 = (x: number): number => Math.expm1(x);

/** 1/(1 + e^−x); within 2 ulp, without overflow on either side. */
export function sigmoid(x: number): number {
  if (x >= 0) return 1 / (1 + Math.exp(-x));
  const e = Math.exp(x);
  return e / (1 + e);
}

/** log(1 + e^x); within 2 ulp. */
export function softplus(x: number): number {
  return x > 0 ? x + Math.log1p(Math.exp(-x)) : Math.log1p(Math.exp(x));
}

/** log sigmoid(x) = −log(1 + e^−x); within 2 ulp. */
export const logSigmoid = (x: number): number => -softplus(-x);

/** log(p/(1 − p)); within 3 ulp, near the root at 1/2 too (2 artanh(2p − 1)); ∓∞ at 0 and 1, NaN outside. */
export function logit(p: number): number {
  if (p < 0.3 || p > 0.65) return Math.log(p / (1 - p));
  const s = 2 * (p - 0.5);
  return Math.log1p(s) - Math.log1p(-s);
}

/**
 * log(1 − e^−|x|); within 2 ulp. Either sign of x is taken, so the same function serves log(1 − e^x) for x < 0.
 * The switch at log 2 is Mächler's ("Accurately computing log(1 − exp(−|a|))", Rmpfr vignette, 2012).
 */
export function log1mexp(x: number): number {
  const y = -Math.abs(x);
  return y > -Math.LN2 ? Math.log(-Math.expm1(y)) : Math.log1p(-Math.exp(y));
}

/** log(e^a + e^b); within 3 ulp of the larger of |result| and 1; infinite arguments give their limits. */
export function logaddexp(a: number, b: number): number {
  if (a === b) return a + Math.LN2;
  return a > b ? a + Math.log1p(Math.exp(b - a)) : b + Math.log1p(Math.exp(a - b));
}

/** log(e^a − e^b) for a ≥ b, NaN otherwise; −∞ for a = b. */
export function logdiffexp(a: number, b: number): number {
  if (a === b) return a === Infinity ? NaN : -Infinity;
  if (b === -Infinity || a === Infinity) return b === Infinity ? NaN : a;
  return a > b ? a + log1mexp(b - a) : NaN;
}

/** x log y, 0 where x = 0 (unless y is NaN). */
export const xlogy = (x: number, y: number): number => (x === 0 && !Number.isNaN(y) ? 0 : x * Math.log(y));

/** x log(1 + y), 0 where x = 0 (unless y is NaN). */
export const xlog1py = (x: number, y: number): number =>
  x === 0 && !Number.isNaN(y) ? 0 : x * Math.log1p(y);
