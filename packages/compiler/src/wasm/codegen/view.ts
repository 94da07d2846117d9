/** A strided window on a stored value: what slices, transposes, broadcasts and reshapes compile to, at no cost. */
import { sizeOf, type Shape } from '@pyro-ts/ops';
import type { ValueId } from '../../graph/graph';

export interface View {
  /** The stored value. */
  readonly root: ValueId;
  readonly shape: Shape;
  /** In elements of the root, per axis. */
  readonly strides: readonly number[];
  readonly offset: number;
  /** Every element is this number: nothing needs to be stored. */
  readonly literal?: number;
}

export function rowMajor(shape: Shape): number[] {
  const strides = new Array<number>(shape.length);
  let stride = 1;
  for (let i = shape.length - 1; i >= 0; i--) {
    strides[i] = stride;
    stride *= shape[i];
  }
  return strides;
}

export function wholeView(root: ValueId, shape: Shape): View {
  return { root, shape, strides: rowMajor(shape), offset: 0 };
}

/** Whether the elements follow each other in memory. */
export function isContiguous({ shape, strides }: View): boolean {
  let expected = 1;
  for (let i = shape.length - 1; i >= 0; i--) {
    if (shape[i] !== 1 && strides[i] !== expected) return false;
    expected *= shape[i];
  }
  return true;
}

/** Strides of a view seen as a larger shape that it broadcasts to; 0 where it repeats. */
export function broadcastStrides(view: View, shape: Shape): number[] {
  const pad = shape.length - view.shape.length;
  return shape.map((n, i) => (i < pad || (view.shape[i - pad] === 1 && n !== 1) ? 0 : view.strides[i - pad]));
}

/** The shape without axes of size 1. */
export const squeezed = (shape: Shape): number[] => shape.filter((n) => n !== 1);

/** A view with another shape of the same size, or null if that needs a copy. */
export function reshapeView(view: View, shape: Shape): View | null {
  if (view.literal !== undefined) return { ...view, shape, strides: shape.map(() => 0) };
  const from: { n: number; stride: number }[] = [];
  view.shape.forEach((n, i) => {
    if (n === 1) return;
    const last = from.at(-1);
    if (last !== undefined && last.stride === view.strides[i] * n) {
      last.n *= n;
      last.stride = view.strides[i];
    } else from.push({ n, stride: view.strides[i] });
  });
  // Each run of axes that lie evenly in memory is divided anew, from the innermost outwards.
  const strides = new Array<number>(shape.length).fill(0);
  let axis = shape.length - 1;
  for (let run = from.length - 1; run >= 0; run--) {
    let { n, stride } = from[run];
    while (n > 1) {
      while (axis >= 0 && shape[axis] === 1) axis--;
      if (axis < 0 || n % shape[axis] !== 0) return null;
      strides[axis] = stride;
      stride *= shape[axis];
      n /= shape[axis];
      axis--;
    }
  }
  return { root: view.root, shape, strides, offset: view.offset };
}

/** Offset of the element with a row-major index in `shape`, for given strides. */
export function elementOffset(
  index: number,
  shape: Shape,
  strides: readonly number[],
  offset: number,
): number {
  let rest = index;
  let at = offset;
  for (let i = shape.length - 1; i >= 0; i--) {
    at += (rest % shape[i]) * strides[i];
    rest = Math.floor(rest / shape[i]);
  }
  return at;
}

export const viewSize = (view: View): number => sizeOf(view.shape);
