/**
 * Poisson draws: inversion by sequential search below rate 10, above it the transformed rejection PTRS of
 * W. Hörmann, "The transformed rejection method for generating Poisson random variables" (1993).
 */
import { logPoisson } from './count-math';
import type { Blocks } from './philox';
import { exp, log } from './portable-math';

/** Counts are int32: draws beyond saturate. */
export const MAX_COUNT = 0x7fffffff;

/** The value of a draw whose parameters are invalid (NaN or outside their constraint): outside every support. */
export const NO_COUNT = -1;

/** One Poisson(rate) draw for one element; −1 unless rate ≥ 0. */
export function drawPoisson(blocks: Blocks, element: number, rate: number): number {
  if (!(rate >= 0)) return NO_COUNT;
  if (rate < 10) return invert(blocks, element, rate);
  if (rate > 2 * MAX_COUNT) return MAX_COUNT;
  // Constants of Hörmann's algorithm PTRS.
  const b = 0.931 + 2.53 * Math.sqrt(rate);
  const a = -0.059 + 0.02483 * b;
  const inverseAlpha = 1.1239 + 1.1328 / (b - 3.4);
  const accept = 0.9277 - 3.6224 / (b - 2);
  for (let attempt = 0; ; attempt++) {
    blocks.load(element, attempt);
    const u = blocks.first - 0.5;
    const v = blocks.second;
    const us = 0.5 - Math.abs(u);
    const k = Math.floor(((2 * a) / us + b) * u + rate + 0.43);
    if (k < 0 || (us < 0.013 && v > us)) continue;
    const inside = us >= 0.07 && v <= accept;
    if (inside || log((v * inverseAlpha) / (a / (us * us) + b)) <= logPoisson(k, rate)) {
      return Math.min(k, MAX_COUNT);
    }
  }
}

function invert(blocks: Blocks, element: number, rate: number): number {
  blocks.load(element, 0);
  const u = blocks.first;
  let probability = exp(-rate);
  let cumulative = probability;
  let k = 0;
  // The tail beyond is lost to rounding: for rates below 10, P(k > 100) < 1e-60.
  while (u > cumulative && k < 100) {
    k += 1;
    probability *= rate / k;
    cumulative += probability;
  }
  return k;
}
