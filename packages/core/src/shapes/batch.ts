/** Arithmetic of batch shapes. Dims are negative: −1 is the rightmost. */
import type { Shape } from '@pyro-ts/ops';

/** The size at a negative dim; 1 where the shape has no such dim. */
export function sizeAt(shape: Shape, dim: number): number {
  return shape[shape.length + dim] ?? 1;
}

/** The shape with `size` at a negative dim, filled up with ones on the left where it was too short. */
export function withSizeAt(shape: Shape, dim: number, size: number): Shape {
  const rank = Math.max(shape.length, -dim);
  const padded = [...Array.from({ length: rank - shape.length }, () => 1), ...shape];
  padded[rank + dim] = size;
  return padded;
}

export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((n, i) => n === b[i]);
}

/** The common shape of two, or undefined if they do not broadcast. */
export function broadcastShapes(a: Shape, b: Shape): Shape | undefined {
  const rank = Math.max(a.length, b.length);
  const out: number[] = [];
  for (let dim = -rank; dim < 0; dim++) {
    const m = sizeAt(a, dim);
    const n = sizeAt(b, dim);
    if (m !== n && m !== 1 && n !== 1) return undefined;
    out.push(m === 1 ? n : m);
  }
  return out;
}
