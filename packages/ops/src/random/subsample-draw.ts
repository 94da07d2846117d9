/**
 * k of n without replacement, in order of draw, in O(k): the first k steps of a Fisher–Yates shuffle, with only the
 * moved positions stored. Every ordered k-subset is equally likely; k = n is a permutation.
 */
import type { Blocks } from './philox';

/** A uniform integer in [0, range), range ≤ 2^31, without bias: Lemire, "Fast random integer generation" (2019). */
export function drawBelow(blocks: Blocks, element: number, range: number): number {
  const biased = (0x100000000 - range) % range;
  for (let attempt = 0; ; attempt++) {
    blocks.load(element, attempt);
    for (const word of blocks.words) {
      // word · range < 2^63 is not exact in double; its low word is, and says whether the draw is in a biased slot.
      const low = Math.imul(word, range) >>> 0;
      if (low >= biased) return Math.round((word * range - low) * 2 ** -32);
    }
  }
}

/** The first k entries of a random permutation of 0 … n − 1. */
export function drawSubsample(blocks: Blocks, n: number, k: number): Int32Array {
  const drawn = new Int32Array(k);
  const moved = new Map<number, number>();
  for (let i = 0; i < k; i++) {
    const j = i + drawBelow(blocks, i, n - i);
    drawn[i] = moved.get(j) ?? j;
    if (j !== i) moved.set(j, moved.get(i) ?? i);
    moved.delete(i);
  }
  return drawn;
}
