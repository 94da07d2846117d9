/** Shape arithmetic of transforms. */
import { isTensor, toData, type Shape, type TensorLike } from '@pyro-ts/ops';
import { ShapeError } from '../errors';

/** Shape of an argument, without making a tensor of it. */
export const shapeOf = (x: TensorLike): Shape => (isTensor(x) ? x.shape : toData(x).shape);

/** NumPy broadcasting of any number of shapes. */
export function broadcastShapes(...shapes: readonly Shape[]): number[] {
  const rank = Math.max(0, ...shapes.map((shape) => shape.length));
  return Array.from({ length: rank }, (_, i) => {
    const sizes = shapes.map((shape) => shape[shape.length - rank + i] ?? 1);
    const size = sizes.find((n) => n !== 1) ?? 1;
    if (sizes.some((n) => n !== 1 && n !== size)) {
      throw new ShapeError(
        `shapes ${shapes.map((shape) => `[${shape.join(', ')}]`).join(' and ')} do not broadcast`,
        'make the sizes of each dim, counted from the right, equal or 1.',
      );
    }
    return size;
  });
}

/** All but the rightmost n dims. */
export const batchOf = (shape: Shape, eventDim: number): Shape => shape.slice(0, shape.length - eventDim);

/** A shape map that replaces the rightmost dims: [..., ...from] → [..., ...to]. */
export function replaceLast(shape: Shape, from: Shape, to: Shape, transform: string): Shape {
  const tail = shape.slice(shape.length - from.length);
  if (shape.length < from.length || tail.some((n, i) => n !== from[i])) {
    throw new ShapeError(
      `${transform} got shape [${shape.join(', ')}], expected [..., ${from.join(', ')}]`,
      'give a value of that shape.',
    );
  }
  return [...batchOf(shape, from.length), ...to];
}

/** A shape map of the last dim only. */
export const mapLast = (shape: Shape, f: (n: number) => number | readonly number[]): Shape => [
  ...shape.slice(0, -1),
  ...[f(shape[shape.length - 1])].flat(),
];

/** The n of n(n+1)/2 = length (diagonal 0) or n(n−1)/2 = length (diagonal −1). */
export function triangleSize(length: number, diagonal: 0 | -1, transform: string): number {
  const n = Math.round((Math.sqrt(1 + 8 * length) + (diagonal === 0 ? -1 : 1)) / 2);
  const fits = (n * (n + (diagonal === 0 ? 1 : -1))) / 2 === length;
  if (!fits) {
    throw new ShapeError(
      `${transform} got a vector of length ${length}, which does not fill a triangle`,
      `give a last dim of n(n${diagonal === 0 ? '+' : '−'}1)/2 for some n.`,
    );
  }
  return n;
}
