/**
 * Binomial draws: inversion by sequential search where n·min(p, 1−p) < 10, else the transformed rejection BTRS of
 * W. Hörmann, "The generation of binomial random variates" (J. Stat. Comput. Simul. 46, 1993).
 */
import { logBinomial } from './count-math';
import type { Blocks } from './philox';
import { NO_COUNT } from './poisson-draw';
import { exp, log, log1p } from './portable-math';

/** One Binomial(n, p) draw for one element; −1 unless n ≥ 0 and 0 ≤ p ≤ 1. */
export function drawBinomial(blocks: Blocks, element: number, n: number, p: number): number {
  if (!(n >= 0 && n <= 0x7fffffff && p >= 0 && p <= 1)) return NO_COUNT;
  const count = Math.floor(n);
  if (p > 0.5) return count - drawLower(blocks, element, count, 1 - p);
  return drawLower(blocks, element, count, p);
}

function drawLower(blocks: Blocks, element: number, n: number, p: number): number {
  if (n * p < 10) return invert(blocks, element, n, p);
  // Constants of Hörmann's algorithm BTRS.
  const q = 1 - p;
  const spread = Math.sqrt(n * p * q);
  const b = 1.15 + 2.53 * spread;
  const a = -0.0873 + 0.0248 * b + 0.01 * p;
  const centre = n * p + 0.5;
  const accept = 0.92 - 4.2 / b;
  const alpha = (2.83 + 5.1 / b) * spread;
  const logMode = logBinomial(Math.floor((n + 1) * p), n, p, q);
  for (let attempt = 0; ; attempt++) {
    blocks.load(element, attempt);
    const u = blocks.first - 0.5;
    const v = blocks.second;
    const us = 0.5 - Math.abs(u);
    const k = Math.floor(((2 * a) / us + b) * u + centre);
    if (k < 0 || k > n) continue;
    if (us >= 0.07 && v <= accept) return k;
    if (log((v * alpha) / (a / (us * us) + b)) <= logBinomial(k, n, p, q) - logMode) return k;
  }
}

function invert(blocks: Blocks, element: number, n: number, p: number): number {
  blocks.load(element, 0);
  const u = blocks.first;
  const odds = p / (1 - p);
  let probability = exp(n * log1p(-p));
  let cumulative = probability;
  let k = 0;
  // n·p < 10, so P(k > 110) < 1e-60 and only rounding could lead there.
  const last = Math.min(n, 110);
  while (u > cumulative && k < last) {
    k += 1;
    probability *= ((n - k + 1) / k) * odds;
    cumulative += probability;
  }
  return k;
}
