/** Derivatives of reductions and of kernels along one axis. */
import type * as tfjs from '@tensorflow/tfjs';
import type { Shape } from '../data/nd-array';
import { sizeOf } from '../data/nd-array';
import { booleanAttr, numberAttr, resolveAxis } from '../kernels/attrs';
import type { Attrs } from '../kernels/kernel';
import { axesOf, reducedShape } from '../kernels/reduce';
import { runKernel } from '../kernels/run';
import * as p from './primitives';
import type { GradientEntry } from './row';
import { fromBoth, fromCotangent, fromInput, fromOutput } from './row';

type T = tfjs.Tensor;

/** A reduced tensor with its lost axes back as 1, so that it broadcasts against the operand. */
function restored(y: T, shape: Shape, attrs: Attrs): T {
  const full = reducedShape(shape, axesOf(attrs, shape), true);
  return booleanAttr(attrs, 'keepDims') ? y : p.reshape(y, full);
}

/** Ties share the cotangent evenly. */
const extremum = fromBoth((dy, x, y, attrs) => {
  const ties = p.cast(p.equal(x, restored(y, x.shape, attrs)), 'float32');
  const count = p.sum(ties, axesOf(attrs, x.shape), true);
  return p.mul(ties, p.div(restored(dy, x.shape, attrs), count));
});

/** Π of the others = (exclusive product from the left) · (exclusive product from the right): exact with zeros. */
function productOf(dy: T, x: T, attrs: Attrs): T {
  const axes = axesOf(attrs, x.shape);
  const kept = x.shape.map((_, i) => i).filter((i) => !axes.includes(i));
  const perm = [...kept, ...axes];
  const moved = p.transpose(x, perm);
  const rows = p.reshape(moved, [sizeOf(kept.map((i) => x.shape[i])), sizeOf(axes.map((i) => x.shape[i]))]);
  const [left, right] = [false, true].map((reverse) =>
    runKernel('Cumprod', { x: rows }, { axis: 1, exclusive: true, reverse }),
  );
  const others = p.transpose(p.reshape(p.mul(left, right), moved.shape), inversePermutation(perm));
  return p.mul(others, restored(dy, x.shape, attrs));
}

const product = fromInput(productOf);

export function inversePermutation(perm: readonly number[]): number[] {
  const inverse = new Array<number>(perm.length);
  perm.forEach((from, to) => (inverse[from] = to));
  return inverse;
}

/**
 * With C_j = Π_{k≤j} x_k: dx_i = Π_{k<i} x_k · Σ_{j≥i} dy_j Π_{i<k≤j} x_k, which needs no division and so allows
 * zeros. The inner products are the lines of an n × n triangle: memory is n² a line.
 */
function cumulativeProduct(dy: T, x: T, attrs: Attrs): T {
  const rank = x.shape.length;
  const axis = resolveAxis(numberAttr(attrs, 'axis'), rank);
  const n = x.shape[axis] ?? 1;
  const lines = x.size / Math.max(n, 1);
  const perm = [...x.shape.keys()].filter((i) => i !== axis).concat(rank === 0 ? [] : [axis]);
  const reverse = booleanAttr(attrs, 'reverse');
  const flip = (t: T): T => (reverse ? runKernel('Reverse', { x: t }, { dims: [1] }) : t);
  const toLines = (t: T): T => flip(p.reshape(p.transpose(t, perm), [lines, n]));
  const u = toLines(x);
  const dC = booleanAttr(attrs, 'exclusive') ? shiftLeft(toLines(dy), n) : toLines(dy);
  // factors[l, i, k] = x[l, k] for k > i, else 1; their running products along k are Π_{i<k≤j} x_k.
  const later = triangle(n, false);
  const repeated = p.broadcastTo(p.reshape(u, [lines, 1, n]), [lines, n, n]);
  const factors = p.select(later, repeated, p.fill([lines, n, n], 1));
  const running = runKernel('Cumprod', { x: factors }, { axis: 2, exclusive: false, reverse: false });
  const weights = p.keepWhere(triangle(n, true), running);
  const inner = p.sum(p.mul(weights, p.reshape(dC, [lines, 1, n])), [2]);
  const before = runKernel('Cumprod', { x: u }, { axis: 1, exclusive: true, reverse: false });
  const du = flip(p.mul(before, inner));
  const moved = perm.map((i) => x.shape[i]);
  return p.transpose(p.reshape(du, moved), inversePermutation(perm));
}

/** [y1, …, yn-1, 0] of every line. */
function shiftLeft(y: T, n: number): T {
  const tail = p.slice(y, [0, 1], [y.shape[0], n - 1]);
  const paddings = [
    [0, 0],
    [0, 1],
  ];
  return runKernel('PadV2', { x: tail }, { paddings, constantValue: 0 });
}

/** The n × n mask of column > row (≥ with the diagonal), made by comparing two ranges so that nothing is uploaded. */
function triangle(n: number, diagonal: boolean): T {
  const range = runKernel('Range', {}, { start: 0, stop: n, step: 1, dtype: 'float32' });
  const [rows, columns] = [p.reshape(range, [1, n, 1]), p.reshape(range, [1, 1, n])];
  return diagonal ? p.greaterEqual(columns, rows) : p.greater(columns, rows);
}

export const reduceGradients = {
  Sum: fromInput((dy, x, attrs) => p.broadcastTo(restored(dy, x.shape, attrs), x.shape)),
  Mean: fromInput((dy, x, attrs) => {
    const count = axesOf(attrs, x.shape).reduce((n, a) => n * x.shape[a], 1);
    return p.broadcastTo(p.div(restored(dy, x.shape, attrs), p.constant(count)), x.shape);
  }),
  Prod: product,
  Prod1p: fromInput((dy, x, attrs) => productOf(dy, p.plus(x, 1), attrs)),
  Max: extremum,
  Min: extremum,
  All: null,
  Any: null,
  ArgMax: null,
  ArgMin: null,
  Cumsum: fromCotangent((dy, attrs) =>
    runKernel('Cumsum', { x: dy }, { ...attrs, reverse: !booleanAttr(attrs, 'reverse') }),
  ),
  Cumprod: fromInput(cumulativeProduct),
  Softmax: fromOutput((dy, y, attrs) => {
    const weighted = p.mul(dy, y);
    const axis = resolveAxis(numberAttr(attrs, 'dim', -1), y.rank);
    return p.sub(weighted, p.mul(p.sum(weighted, [axis], true), y));
  }, 'logits'),
  LogSoftmax: fromOutput((dy, y, attrs) => {
    const axis = resolveAxis(numberAttr(attrs, 'axis', -1), y.rank);
    return p.sub(dy, p.mul(p.sum(dy, [axis], true), p.exp(y)));
  }, 'logits'),
} satisfies Record<string, GradientEntry>;
