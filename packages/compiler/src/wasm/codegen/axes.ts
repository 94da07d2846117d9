/** Axes in attributes, as tfjs writes them. */
import type { Attrs, Shape } from '@pyro-ts/ops';

export function axisAttr(attrs: Attrs, name: string, rank: number, otherwise = 0): number {
  const axis = (attrs[name] as number | undefined) ?? otherwise;
  return axis < 0 ? axis + rank : axis;
}

/** Sorted axes of a reduction: none given means all. */
export function reductionAxes(attrs: Attrs, shape: Shape): number[] {
  // tfjs names the axes of Max, Min, … either way.
  const axis = attrs['axis'] ?? attrs['reductionIndices'];
  if (axis === null || axis === undefined) return shape.map((_, i) => i);
  const given = typeof axis === 'number' ? [axis] : (axis as readonly number[]);
  const all = given.map((a) => (a < 0 ? a + shape.length : a)).filter((a) => a < shape.length);
  return [...new Set(all)].sort((a, b) => a - b);
}
