/**
 * Point probabilities of counts without cancellation: C. Loader, "Fast and accurate computation of binomial
 * probabilities" (2000). On portable arithmetic, so that rejection samplers decide alike everywhere.
 */
import { log } from './portable-math';

/** log k! − (k log k − k + ½ log 2πk) for k = 1 … 15, and Stirling's series from 16 on (error below 1e-16). */
const STIRLING_ERROR: readonly number[] = [
  NaN,
  0.08106146679532726,
  0.04134069595540929,
  0.02767792568499834,
  0.02079067210376509,
  0.01664469118982119,
  0.01387612882307075,
  0.01189670994589177,
  0.010411265261972096,
  0.009255462182712733,
  0.00833056343336287,
  0.007573675487951841,
  0.00694284010720953,
  0.006408994188004207,
  0.005951370112758848,
  0.005554733551962801,
];

/** The error of Stirling's formula for log k!, k ≥ 1. */
export function stirlingError(k: number): number {
  if (k < 16) return STIRLING_ERROR[k];
  const z = 1 / (k * k);
  return (1 / 12 - z * (1 / 360 - z * (1 / 1260 - z * (1 / 1680 - z * (1 / 1188))))) / k;
}

/** Deviance part k log(k/m) + m − k ≥ 0 for k, m > 0; a series in (k − m)/(k + m) where the terms nearly cancel. */
export function devianceTerm(k: number, m: number): number {
  const difference = k - m;
  if (Math.abs(difference) >= 0.1 * (k + m)) return k * log(k / m) - difference;
  const v = difference / (k + m);
  const v2 = v * v;
  let series = 0;
  for (let j = 15; j >= 1; j--) series = (series + 1 / (2 * j + 1)) * v2;
  return difference * v + 2 * k * v * series;
}

const LOG_TWO_PI = 1.8378770664093456;

/** log of the Poisson(rate) probability of k ≥ 0. */
export function logPoisson(k: number, rate: number): number {
  if (k === 0) return -rate;
  return -stirlingError(k) - devianceTerm(k, rate) - 0.5 * (LOG_TWO_PI + log(k));
}

/** log of the Binomial(n, p) probability of 0 < k < n; `logEdge` handles the ends. */
export function logBinomial(k: number, n: number, p: number, q: number): number {
  if (k === 0 || k === n) return n * log(k === 0 ? q : p);
  const deviance = devianceTerm(k, n * p) + devianceTerm(n - k, n * q);
  const stirling = stirlingError(n) - stirlingError(k) - stirlingError(n - k);
  return stirling - deviance - 0.5 * (LOG_TWO_PI + log(k) + log((n - k) / n));
}
