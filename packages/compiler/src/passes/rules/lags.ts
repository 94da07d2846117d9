/**
 * A given matrix of lags (column j of a time series' matrix is the series j steps back) times a vector: the same as a
 * sum over its columns, each a window on one series. The series is held once, and its loads are shared between lags.
 */
import type { NumericArray } from '@pyro-ts/ops';
import type { ValueId } from '../../graph/graph';
import { axesOf, type Candidate, type Rule, type RuleContext, type Rules } from './rule';

const mostLags = 8;
/** Shorter series are not worth their code. */
const shortest = 64;

interface Lags {
  /** The axis that counts the lags. */
  readonly axis: 0 | 1;
  readonly windows: readonly Float64Array[];
}

/** Whether each window is the one before it, moved by a step: `by` elements forth or back. */
const isMoved = ([first, ...rest]: readonly Float64Array[], by: 1 | -1): boolean => {
  let before = first;
  for (const window of rest) {
    const [from, to] = by === 1 ? [before, window] : [window, before];
    for (let i = 1; i < from.length; i++) if (from[i] !== to[i - 1]) return false;
    before = window;
  }
  return true;
};

function findLags(data: NumericArray, [m, n]: readonly number[]): Lags | null {
  const [count, length] = [Math.min(m, n), Math.max(m, n)];
  if (count < 2 || count > mostLags || length < shortest) return null;
  const axis = count === m ? 0 : 1;
  const windows = Array.from({ length: count }, (_, k) =>
    Float64Array.from({ length }, (__, i) => data[axis === 0 ? k * length + i : i * count + k]),
  );
  return isMoved(windows, 1) || isMoved(windows, -1) ? { axis, windows } : null;
}

const known = new WeakMap<NumericArray, Lags | null>();

function lagsOf(matrix: ValueId, context: RuleContext): Lags | null {
  const data = context.constantOf(matrix);
  const { shape, dtype } = context.typeOf(matrix);
  if (data === undefined || dtype !== 'float' || shape.length !== 2) return null;
  let lags = known.get(data);
  if (lags === undefined) known.set(data, (lags = findLags(data, shape)));
  return lags;
}

/** The product, summed along an axis of the matrix, with a vector along that axis. */
function product(lags: Lags, axis: number, vector: ValueId, node: Candidate, context: RuleContext): ValueId {
  const { label } = node;
  const dtype = 'float';
  const [scalar, one, series] = [[], [1], [lags.windows[0].length]].map(
    (shape) => ({ shape, dtype }) as const,
  );
  const windows = lags.windows.map((window) => context.data(window, series));
  if (axis === lags.axis) {
    const factors = context.reshape(vector, [windows.length]);
    const terms = windows.map((window, k) => {
      const factor = context.emit('Slice', [factors], { begin: [k], size: [1] }, one, label);
      return context.emit('Multiply', [window, context.reshape(factor, [])], {}, series, label);
    });
    const sum = terms.reduce((total, term) => context.emit('Add', [total, term], {}, series, label));
    return context.reshape(sum, node.type.shape);
  }
  const weights = context.reshape(vector, series.shape);
  const sums = windows.map((window) => {
    const terms = context.emit('Multiply', [weights, window], {}, series, label);
    const attrs = { axis: [0], keepDims: false };
    return context.reshape(context.emit('Sum', [terms], attrs, scalar, label), [1]);
  });
  const joined = { shape: [sums.length], dtype } as const;
  return context.reshape(context.emit('Concat', sums, { axis: 0 }, joined, label), node.type.shape);
}

const isVector = (value: ValueId, length: number, context: RuleContext): boolean => {
  const { shape, dtype } = context.typeOf(value);
  return dtype === 'float' && shape.filter((n) => n !== 1).join() === `${length}`;
};

const matrixProduct: Rule = (node, context) => {
  if (node.type.shape.length !== 2 || node.type.dtype !== 'float') return undefined;
  const contracted = [node.attrs['transposeA'] === true ? 0 : 1, node.attrs['transposeB'] === true ? 1 : 0];
  for (const side of [0, 1] as const) {
    const [matrix, vector] = [node.inputs[side], node.inputs[1 - side]];
    const length = context.shapeOf(matrix)[contracted[side]];
    if (!isVector(vector, length, context)) continue;
    const lags = lagsOf(matrix, context);
    if (lags !== null) return product(lags, contracted[side], vector, node, context);
  }
  return undefined;
};

const productAndSum: Rule = (node, context) => {
  const [whole] = node.inputs;
  const maker = context.producer(whole, 'Multiply');
  const axes = axesOf(node, context);
  const shape = context.shapeOf(whole);
  if (maker === undefined || shape.length !== 2 || axes.length !== 1 || node.type.dtype !== 'float')
    return undefined;
  const [axis] = axes;
  for (const side of [0, 1] as const) {
    const [matrix, vector] = [maker.inputs[side], maker.inputs[1 - side]];
    const own = context.shapeOf(vector);
    const isAlong = own[axis - 2 + own.length] === shape[axis] && isVector(vector, shape[axis], context);
    const lags = isAlong ? lagsOf(matrix, context) : null;
    if (lags !== null) return product(lags, axis, vector, node, context);
  }
  return undefined;
};

export const lagRules: Rules = { BatchMatMul: [matrixProduct], Sum: [productAndSum] };
