/** The geometry of a fused loop: its axes, and how each operand moves along them. */
import type { Shape } from '@pyro-ts/ops';
import type { PlanNode } from './plan';
import { rowMajor } from './view';

/** What moves: element strides per axis of the space. */
export interface Motion {
  strides: number[];
}

export interface Nest {
  /** Sizes of the axes, outermost first; the last one is run in vectors. */
  readonly sizes: readonly number[];
}

/** A last axis shorter than this is not worth vectors if there is a longer one. */
const shortAxis = 8;

/**
 * Drops axes of size 1, merges axes that all motions cross in one stride, and puts a long axis last. Motions are
 * rewritten to the new axes.
 */
export function shapeNest(space: Shape, motions: readonly Motion[]): Nest {
  let sizes: number[] = [];
  const kept = space.map((_, i) => i).filter((i) => space[i] !== 1);
  for (const m of motions) m.strides = kept.map((i) => m.strides[i]);
  for (let axis = 0; axis < kept.length; axis++) {
    const n = space[kept[axis]];
    const into = sizes.length - 1;
    if (into >= 0 && motions.every((m) => m.strides[into] === m.strides[into + 1] * n)) {
      sizes[into] *= n;
      for (const m of motions) m.strides.splice(into, 1);
    } else sizes.push(n);
  }
  const last = sizes.length - 1;
  if (last > 0 && sizes[last] < shortAxis) {
    const longest = sizes.indexOf(Math.max(...sizes));
    if (sizes[longest] >= 2 * shortAxis) {
      const order = [...sizes.keys()].filter((i) => i !== longest).concat(longest);
      sizes = order.map((i) => sizes[i]);
      for (const m of motions) m.strides = order.map((i) => m.strides[i]);
    }
  }
  if (sizes.length === 0) {
    sizes.push(1);
    for (const m of motions) m.strides.push(0);
  }
  return { sizes };
}

/** A nest of one axis as blocks of `rows` and what is in a block. */
export function blockNest({ sizes: [n] }: Nest, rows: number, motions: readonly Motion[]): Nest {
  for (const m of motions) m.strides = [m.strides[0] * rows, m.strides[0]];
  return { sizes: [Math.floor(n / rows), rows] };
}

/** Strides along the axes of the shape that are longer than 1. */
export const squeezeStrides = (strides: readonly number[], shape: readonly number[]): number[] =>
  strides.filter((_, i) => shape[i] !== 1);

/** Row-major strides of the result along the axes of the space, 0 along the reduced ones. */
export function reductionStrides({ space, axes }: PlanNode): number[] {
  const kept = space.map((n, i) => (axes.includes(i) ? 1 : n));
  return rowMajor(kept).map((s, i) => (axes.includes(i) ? 0 : s));
}
