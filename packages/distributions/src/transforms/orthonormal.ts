/** Orthonormal matrices as plain numbers. */
import type { NdArray } from '@pyro-ts/ops';

interface Pair {
  /** y = forward · x */
  readonly forward: NdArray;
  /** x = backward · y */
  readonly backward: NdArray;
}

function pair(
  n: number,
  entry: (i: number, j: number) => number,
  weight: (i: number) => number = () => 1,
): Pair {
  const forward = new Float64Array(n * n);
  const backward = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      forward[i * n + j] = weight(i) * entry(i, j);
      backward[j * n + i] = entry(i, j) / weight(i);
    }
  }
  return {
    forward: { data: forward, shape: [n, n], dtype: 'float32' },
    backward: { data: backward, shape: [n, n], dtype: 'float32' },
  };
}

/** cos(π(2j + 1)i / 2n), with the angle reduced exactly. */
function cosine(i: number, j: number, n: number): number {
  return Math.cos((Math.PI * ((i * (2 * j + 1)) % (4 * n))) / (2 * n));
}

/** DCT-II rows; row i weighted by (i + ½)^smooth over the geometric mean of those, so that the determinant stays ±1. */
export function discreteCosineMatrix(n: number, smooth: number): Pair {
  const logs = Array.from({ length: n }, (_, i) => smooth * Math.log(i + 0.5));
  const mean = logs.reduce((a, b) => a + b, 0) / n;
  return pair(
    n,
    (i, j) => (i === 0 ? Math.sqrt(1 / n) : Math.sqrt(2 / n) * cosine(i, j, n)),
    (i) => Math.exp(logs[i] - mean),
  );
}

/** Haar transform of a series: averages first, then details from coarse to fine; an odd last entry stays last. */
function haar(x: readonly number[]): number[] {
  if (x.length < 2) return [...x];
  const half = Math.floor(x.length / 2);
  const averages: number[] = [];
  const details: number[] = [];
  for (let i = 0; i < half; i++) {
    averages.push((x[2 * i] + x[2 * i + 1]) * Math.SQRT1_2);
    details.push((x[2 * i] - x[2 * i + 1]) * Math.SQRT1_2);
  }
  return [...haar(averages), ...details, ...x.slice(2 * half)];
}

/** The Haar transform's matrix; with `flip`, of the reversed series. */
export function haarMatrix(n: number, flip: boolean): Pair {
  const columns = Array.from({ length: n }, (_, j) =>
    haar(Array.from({ length: n }, (_, k) => (k === (flip ? n - 1 - j : j) ? 1 : 0))),
  );
  return pair(n, (i, j) => columns[j][i]);
}
