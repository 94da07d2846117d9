/** Walking arrays by strides: row-major layout, broadcasting, and the two copies that all shape kernels are made of. */
import type { NumericArray, Shape } from '../data/nd-array';
import { ShapeError, formatShape } from '../errors';

/** Row-major strides in elements. */
export function stridesOf(shape: Shape): number[] {
  const strides = new Array<number>(shape.length);
  let stride = 1;
  for (let i = shape.length - 1; i >= 0; i--) {
    strides[i] = stride;
    stride *= shape[i];
  }
  return strides;
}

/** The common shape of two operands. @throws {ShapeError} when a dimension is neither equal nor 1 */
export function broadcastShapes(a: Shape, b: Shape): number[] {
  const rank = Math.max(a.length, b.length);
  const out = new Array<number>(rank);
  for (let i = 0; i < rank; i++) {
    const m = a[a.length - rank + i] ?? 1;
    const n = b[b.length - rank + i] ?? 1;
    if (m !== n && m !== 1 && n !== 1) {
      throw new ShapeError(
        `shapes ${formatShape(a)} and ${formatShape(b)} do not broadcast: dimension ${i - rank} is ${m} and ${n}\n` +
          `  Fix: make the dimensions equal, or 1 in one of them.`,
      );
    }
    out[i] = m === 1 ? n : m;
  }
  return out;
}

/** Strides of `shape` seen as `out`: 0 where it is repeated. */
export function broadcastStrides(shape: Shape, out: Shape): number[] {
  const own = stridesOf(shape);
  const pad = out.length - shape.length;
  return out.map((_, i) => (i < pad || shape[i - pad] === 1 ? 0 : own[i - pad]));
}

export interface Walk {
  readonly shape: number[];
  readonly strides: number[][];
}

/** The same walk in as few dimensions as possible (at least one): size-1 dimensions go, contiguous ones merge. */
export function collapse(shape: Shape, strides: readonly (readonly number[])[]): Walk {
  const dims: number[] = [];
  const steps: number[][] = strides.map(() => []);
  for (let i = 0; i < shape.length; i++) {
    if (shape[i] === 1) continue;
    const last = dims.length - 1;
    if (last >= 0 && strides.every((s, k) => steps[k][last] === s[i] * shape[i])) {
      dims[last] *= shape[i];
      strides.forEach((s, k) => (steps[k][last] = s[i]));
    } else {
      dims.push(shape[i]);
      strides.forEach((s, k) => steps[k].push(s[i]));
    }
  }
  if (dims.length === 0) {
    dims.push(1);
    steps.forEach((s) => s.push(0));
  }
  return { shape: dims, strides: steps };
}

/** Calls `row` with the offsets of every innermost row of a walk. */
export function eachRow(
  { shape, strides }: Walk,
  starts: readonly number[],
  row: (offsets: readonly number[]) => void,
): void {
  const outer = shape.length - 1;
  if (shape.includes(0)) return;
  const at = [...starts];
  const index = new Array<number>(outer).fill(0);
  for (;;) {
    row(at);
    let d = outer - 1;
    for (; d >= 0; d--) {
      index[d]++;
      for (let k = 0; k < at.length; k++) at[k] += strides[k][d];
      if (index[d] < shape[d]) break;
      for (let k = 0; k < at.length; k++) at[k] -= strides[k][d] * shape[d];
      index[d] = 0;
    }
    if (d < 0) return;
  }
}

/** Copies `shape` elements from a strided place to a strided place. */
export function copyStrided(
  shape: Shape,
  from: NumericArray,
  fromStrides: readonly number[],
  fromStart: number,
  to: NumericArray,
  toStrides: readonly number[],
  toStart: number,
): void {
  const walk = collapse(shape, [fromStrides, toStrides]);
  const last = walk.shape.length - 1;
  const n = walk.shape[last];
  const sf = walk.strides[0][last];
  const st = walk.strides[1][last];
  eachRow(walk, [fromStart, toStart], ([f, t]) => {
    if (sf === 1 && st === 1 && n > 32) {
      to.set(from.subarray(f, f + n), t);
      return;
    }
    for (let i = 0; i < n; i++) to[t + i * st] = from[f + i * sf];
  });
}
