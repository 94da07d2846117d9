/** Reading attributes with the types that tfjs gives them, and axes counted from the end. */
import type { DType, Shape } from '../data/nd-array';
import { ShapeError, formatShape } from '../errors';
import type { Attrs } from './kernel';

export const numberAttr = (attrs: Attrs, name: string, fallback = 0): number =>
  (attrs[name] as number | undefined) ?? fallback;

export const booleanAttr = (attrs: Attrs, name: string): boolean => Boolean(attrs[name]);

export const numbersAttr = (attrs: Attrs, name: string): readonly number[] =>
  attrs[name] as readonly number[];

export const dtypeAttr = (attrs: Attrs, name: string, fallback: DType): DType =>
  (attrs[name] as DType | undefined) ?? fallback;

/** An axis in 0 … rank − 1. @throws {ShapeError} when the rank has no such axis */
export function resolveAxis(axis: number, rank: number): number {
  const resolved = axis < 0 ? axis + rank : axis;
  if (!Number.isInteger(axis) || resolved < 0 || resolved >= Math.max(rank, 1)) {
    throw new ShapeError(
      `axis ${axis} is out of range for rank ${rank}\n  Fix: use an axis from ${-rank} to ${rank - 1}.`,
    );
  }
  return resolved;
}

/** Sorted axes of a reduction; none given means all. */
export function resolveAxes(axis: unknown, shape: Shape): number[] {
  const rank = shape.length;
  if (axis === null || axis === undefined) return shape.map((_, i) => i);
  const given = typeof axis === 'number' ? [axis] : (axis as readonly number[]);
  if (rank === 0 && given.length > 0 && given.every((a) => a === 0 || a === -1)) return [];
  const axes = [...new Set(given.map((a) => resolveAxis(a, rank)))].sort((a, b) => a - b);
  if (axes.length !== given.length) {
    throw new ShapeError(`axes ${formatShape(given)} name one axis twice for shape ${formatShape(shape)}`);
  }
  return axes;
}

export function sameShape(a: Shape, b: Shape): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
