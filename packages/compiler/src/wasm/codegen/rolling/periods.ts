/** Stretches of a sequence that repeat themselves. */

export interface Period {
  readonly start: number;
  readonly end: number;
  readonly length: number;
}

/** Numbers that have to be equal before a repetition is looked at. */
const glance = 6;
/** Repetitions of a beginning that are tried: a period may contain its own beginning several times. */
const mostTries = 12;

export interface PeriodLimits {
  readonly longest: number;
  readonly fewestTurns: number;
}

/** For each position the next one where the same `glance` numbers follow; −1 if there is none. */
function nextAlike(sequence: Int32Array): Int32Array {
  const next = new Int32Array(sequence.length).fill(-1);
  const seen = new Map<number, number>();
  for (let i = sequence.length - glance; i >= 0; i--) {
    let hash = 0;
    for (let k = 0; k < glance; k++) hash = Math.imul(hash ^ sequence[i + k], 0x01000193) ^ (hash >>> 15);
    next[i] = seen.get(hash) ?? -1;
    seen.set(hash, i);
  }
  return next;
}

/**
 * Calls `take` for repeating stretches, from left to right. It answers where to go on: behind what it took, or
 * undefined if it took nothing.
 */
export function eachPeriod(
  sequence: Int32Array,
  { longest, fewestTurns }: PeriodLimits,
  take: (period: Period) => number | undefined,
): void {
  const next = nextAlike(sequence);
  /** Periods that were looked at, by where they end: a stretch is offered once. */
  const refused = new Set<number>();
  /** Where the latest stretch of each period ends. */
  const ends = new Map<number, number>();
  for (let i = 0; i < sequence.length; i++) {
    let from: number | undefined;
    let other = next[i];
    for (let tries = 0; tries < mostTries && other >= 0 && other - i <= longest; tries++) {
      const length = other - i;
      let end = Math.max(other, ends.get(length) ?? 0);
      while (end < sequence.length && sequence[end] === sequence[end - length]) end++;
      ends.set(length, end);
      const key = end * (longest + 1) + length;
      if (end - i >= fewestTurns * length && !refused.has(key)) {
        from = take({ start: i, end, length });
        if (from !== undefined) break;
        refused.add(key);
      }
      other = next[other];
    }
    if (from !== undefined) i = from - 1;
  }
}
