/** Loops of linear algebra with bounds that are only known when running: dot products and scaled sums of rows. */
import type { Value } from '../../assembler';
import type { KernelContext } from '../kernel-context';
import { loadSplat, loadVector, storeLanes, type Address } from '../memory-lanes';

/** Runs the body for counter = from, from + step, … while counter < to (or > to for negative steps). */
export function loop(
  c: KernelContext,
  from: Value,
  to: Value,
  step: number,
  body: (i: () => Value) => void,
): void {
  const { f } = c;
  const i = f.variable(from);
  const more = (): Value => f.op(step > 0 ? 'i32.lt_s' : 'i32.gt_s', f.get(i), to);
  f.if(more(), () => {
    f.loop((again) => {
      body(() => f.get(i));
      f.set(i, f.op('i32.add', f.get(i), f.i32(step)));
      f.branchIf(again, more());
    });
  });
}

/** Splits 0 … count in vectors, two at a time while there are, and single elements; the body gets byte offsets. */
function inVectors(
  c: KernelContext,
  count: Value,
  body: (at: () => Value, lanes: number, chain: number) => void,
): void {
  const { f, lanes: l } = c;
  const bytes = c.bytes('float');
  const at = f.variable(f.i32(0));
  const end = f.op('i32.mul', count, f.i32(bytes));
  const run = (vectors: number, lanes: number): void => {
    const step = vectors * lanes * bytes;
    const fits = (): Value => f.op('i32.le_s', f.op('i32.add', f.get(at), f.i32(step)), end);
    f.if(fits(), () => {
      f.loop((again) => {
        for (let k = 0; k < vectors; k++) {
          body(() => f.op('i32.add', f.get(at), f.i32(k * lanes * bytes)), lanes, k);
        }
        f.set(at, f.op('i32.add', f.get(at), f.i32(step)));
        f.branchIf(again, fits());
      });
    });
  };
  run(4, l.width);
  run(1, l.width);
  run(1, 1);
}

/** Σ a[i]·b[i] over `count` contiguous elements, in every lane. */
export function dot(c: KernelContext, a: Address, b: Address, count: Value): Value {
  const { f, lanes: l } = c;
  const sums = [0, 1, 2, 3].map(() => f.variable(l.float(0)));
  inVectors(c, count, (at, lanes, chain) => {
    const extent = lanes === 1 ? 'first' : 'vector';
    const x = loadVector(l, 'float', c.moved(a, at()), extent);
    const y = loadVector(l, 'float', c.moved(b, at()), extent);
    f.set(sums[chain], l.madd(x, y, f.get(sums[chain])));
  });
  const add = (x: Value, y: Value): Value => l.op('add', x, y);
  return l.horizontal('float', sums.map((s) => f.get(s)).reduce(add), add);
}

/** y[i] −= factor·x[i] over `count` contiguous elements. */
export function subtractScaled(c: KernelContext, factor: Value, x: Address, y: Address, count: Value): void {
  const { lanes: l } = c;
  inVectors(c, count, (at, lanes) => {
    const extent = lanes === 1 ? 'first' : 'vector';
    const product = l.op('mul', factor, loadVector(l, 'float', c.moved(x, at()), extent));
    const target = c.moved(y, at());
    storeLanes(l, 'float', target, l.op('sub', loadVector(l, 'float', target, extent), product), lanes);
  });
}

/** Both in one pass over x: returns Σ x[i]·a[i] and does y[i] −= factor·x[i]. */
export function dotAndSubtract(
  c: KernelContext,
  x: Address,
  a: Address,
  factor: Value,
  y: Address,
  count: Value,
): Value {
  const { f, lanes: l } = c;
  const sums = [0, 1, 2, 3].map(() => f.variable(l.float(0)));
  inVectors(c, count, (at, lanes, chain) => {
    const extent = lanes === 1 ? 'first' : 'vector';
    const value = loadVector(l, 'float', c.moved(x, at()), extent);
    const other = loadVector(l, 'float', c.moved(a, at()), extent);
    f.set(sums[chain], l.madd(value, other, f.get(sums[chain])));
    const target = c.moved(y, at());
    const before = loadVector(l, 'float', target, extent);
    storeLanes(l, 'float', target, l.op('sub', before, l.op('mul', factor, value)), lanes);
  });
  const add = (p: Value, q: Value): Value => l.op('add', p, q);
  return l.horizontal('float', sums.map((s) => f.get(s)).reduce(add), add);
}

/** Element [row, column] of a row-major matrix with `n` columns. */
export function entry(c: KernelContext, matrix: Address, row: Value, n: number, column: Value): Address {
  const { f } = c;
  const index = f.op('i32.add', c.scaled(row, n), column);
  return c.moved(matrix, c.scaled(index, c.bytes('float')));
}

/** Start of a row. */
export const rowOf = (c: KernelContext, matrix: Address, row: Value, n: number): Address =>
  c.moved(matrix, c.scaled(row, n * c.bytes('float')));

export const element = (c: KernelContext, at: Address): Value => loadSplat(c.lanes, 'float', at);

export const put = (c: KernelContext, at: Address, value: Value): void =>
  storeLanes(c.lanes, 'float', at, value, 1);
