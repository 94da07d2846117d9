/** Coefficients and remainders of Stirling's series (DLMF 5.11.1, 5.11.2). */

/** B₂, B₄, …, B₃₂. */
export const BERNOULLI: readonly (readonly [numerator: number, denominator: number])[] = [
  [1, 6],
  [-1, 30],
  [1, 42],
  [-1, 30],
  [5, 66],
  [-691, 2730],
  [7, 6],
  [-3617, 510],
  [43867, 798],
  [-174611, 330],
  [854513, 138],
  [-236364091, 2730],
  [8553103, 6],
  [-23749461029, 870],
  [8615841276005, 14322],
  [-7709321041217, 510],
];

/** B₂ₖ/(2k(2k − 1)), k = 1 … 10. */
export const LGAMMA_SERIES = BERNOULLI.slice(0, 10).map(([n, d], i) => n / (d * (2 * i + 2) * (2 * i + 1)));
/** B₂ₖ/(2k), k = 1 … 10. */
export const DIGAMMA_SERIES = BERNOULLI.slice(0, 10).map(([n, d], i) => n / (d * (2 * i + 2)));
/** B₂ₖ, k = 1 … 10. */
export const TRIGAMMA_SERIES = BERNOULLI.slice(0, 10).map(([n, d]) => n / d);

/** log √(2π). */
export const LOG_SQRT_TWO_PI = 0.9189385332046728;

/** From here the series above reach 1e-17. */
export const STIRLING_FROM = 10;

/** log Γ(x) − (x − ½) log x + x − log √(2π) for x ≥ 10, below 1/(12x); absolute error below 1e-18. */
export function stirlingRemainder(x: number): number {
  const t = 1 / (x * x);
  let y = 0;
  for (let i = LGAMMA_SERIES.length - 1; i >= 0; i--) y = y * t + LGAMMA_SERIES[i];
  return y / x;
}
