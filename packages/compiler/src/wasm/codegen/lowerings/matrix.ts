/** Operands of matrix products, and what their loops have in common. */
import type { Value } from '../../assembler';
import type { KernelContext } from '../kernel-context';
import { storeLanes, type Address } from '../memory-lanes';

/** A matrix operand: address of its first element (of the current batch), element strides. */
export interface Matrix {
  readonly at: () => Address;
  readonly row: number;
  readonly column: number;
}

export interface Product {
  readonly m: number;
  readonly n: number;
  readonly k: number;
  readonly a: Matrix;
  readonly b: Matrix;
  readonly c: Matrix;
  /** Adds to what C holds (only by `rows`, with C's rows contiguous). */
  readonly accumulate?: boolean;
}

export const turned = ({ at, row, column }: Matrix): Matrix => ({ at, row: column, column: row });

export const transposed = ({ m, n, k, a, b, c, ...rest }: Product): Product => ({
  ...rest,
  m: n,
  n: m,
  k,
  a: turned(b),
  b: turned(a),
  c: turned(c),
});

/** An address some elements further on. */
export function shifted(c: KernelContext, { pointer, offset }: Address, elements: number): Address {
  const bytes = elements * c.bytes('float');
  if (bytes >= 0) return { pointer, offset: offset + bytes };
  return { pointer: c.f.op('i32.add', pointer, c.f.i32(bytes)), offset };
}

/** A pointer variable that starts at an address. */
export function walker(
  c: KernelContext,
  start: Address,
): { at: () => Address; move: (elements: number) => void } {
  const { f } = c;
  const pointer = f.variable(start.pointer);
  return {
    at: () => ({ pointer: f.get(pointer), offset: start.offset }),
    move: (elements) => {
      if (elements !== 0) f.set(pointer, f.op('i32.add', f.get(pointer), f.i32(elements * c.bytes('float'))));
    },
  };
}

export function repeat(c: KernelContext, times: number, body: () => void): void {
  if (times > 0) c.range(times, 1, body);
}

/** Adds the lanes of each total and stores one element a row. */
export function storeTotals(c: KernelContext, p: Product, totals: readonly Value[], c0: Address): void {
  const { lanes: l } = c;
  const add = (x: Value, y: Value): Value => l.op('add', x, y);
  for (let i = 0; i < totals.length;) {
    if (l.width === 2 && p.c.row === 1 && i + 1 < totals.length) {
      const [x, y] = [totals[i], totals[i + 1]];
      const sums = add(l.pick('float', [x, y], [0, 0]), l.pick('float', [x, y], [1, 1]));
      storeLanes(l, 'float', shifted(c, c0, i), sums, 2);
      i += 2;
    } else {
      storeLanes(l, 'float', shifted(c, c0, i * p.c.row), l.horizontal('float', totals[i], add), 1);
      i++;
    }
  }
}

/** Walks i in blocks of `height` rows (then one by one); the body gets addresses of A's and C's block. */
export function rowBlocks(
  c: KernelContext,
  p: Product,
  height: number,
  body: (height: number, a: () => Address, out: () => Address) => void,
): void {
  const wa = walker(c, p.a.at());
  const wc = walker(c, p.c.at());
  const run = (h: number, times: number): void =>
    repeat(c, times, () => {
      body(h, wa.at, wc.at);
      wa.move(h * p.a.row);
      wc.move(h * p.c.row);
    });
  run(height, Math.floor(p.m / height));
  run(1, p.m % height);
}
