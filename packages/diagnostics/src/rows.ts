/** Chains as inner loops want them: in one array, one after the other. */
import { type Chains, drawCount } from './chains';

/** `count` chains of `length` draws. */
export interface Rows {
  /** [count, length] */
  readonly values: Float64Array;
  readonly count: number;
  readonly length: number;
}

/** @throws {DiagnosticsError} without chains, or if the chains differ in length */
export function rowsOf(chains: Chains): Rows {
  const length = drawCount(chains);
  const values = new Float64Array(chains.length * length);
  for (const [index, chain] of chains.entries()) values.set(chain, index * length);
  return { values, count: chains.length, length };
}

/** One chain: a view. */
export const rowAt = ({ values, length }: Rows, index: number): Float64Array =>
  values.subarray(index * length, (index + 1) * length);

/** First and last half of every chain; with an odd number of draws the middle one is left out. */
export function halvesOf(rows: Rows): Rows {
  const { values, count, length } = rows;
  const half = Math.floor(length / 2);
  if (length % 2 === 0) return { values, count: 2 * count, length: half };
  const kept = new Float64Array(2 * count * half);
  for (let c = 0; c < count; c++) {
    const chain = rowAt(rows, c);
    kept.set(chain.subarray(0, half), 2 * c * half);
    kept.set(chain.subarray(half + 1), (2 * c + 1) * half);
  }
  return { values: kept, count: 2 * count, length: half };
}

/** Whether there are at least `minDraws` draws in each chain and none is NaN. */
export const isUsable = ({ values, length }: Rows, minDraws = 4): boolean =>
  length >= minDraws && !hasNaN(values);

export function hasNaN(values: Float64Array): boolean {
  for (let i = 0; i < values.length; i++) if (Number.isNaN(values[i])) return true;
  return false;
}

/** Squared deviations from the mean of all draws. */
export function squaredDeviations({ values, ...size }: Rows, center: number): Rows {
  const squares = new Float64Array(values.length);
  for (let i = 0; i < values.length; i++) squares[i] = (values[i] - center) ** 2;
  return { values: squares, ...size };
}
