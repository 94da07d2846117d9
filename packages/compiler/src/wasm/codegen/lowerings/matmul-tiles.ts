/**
 * Large matrix products, blocked for registers and caches (Goto & van de Geijn, "Anatomy of high-performance matrix
 * multiplication", 2008). Blocks of both operands are packed so that the innermost loop reads two contiguous streams:
 * panels of `tileRows` rows of A and of two vectors of columns of B. Any strides: transposes are undone by packing.
 *
 * Every element of C is one sum in the order of k, as in the simple loops: both give the same bits.
 */
import type { Callee, FunctionBuilder, Value, Variable } from '../../assembler';
import type { KernelContext } from '../kernel-context';
import { Lanes } from '../lanes';
import { loadGather, loadSplat, loadVector, storeLanes, type Address } from '../memory-lanes';
import type { ModuleContext } from '../emitter';
import type { ValueType } from '../../../graph/graph';

/** 4 × 2 vectors of sums, the two vectors of B and the product leave some of the 16 registers free. */
const tileRows = 4;
const tileVectors = 2;
/** Along k: a panel of B (two vectors wide) takes 8 KB, a part of the first-level cache. */
const kBlock = 256;
/** Rows of A packed at once: 128 KB in float32, a part of the second-level cache. */
const mBlock = 128;
/** Fewer multiplications than this are over before packing has paid. */
const worthPacking = 32 ** 3;

export interface ProductSize {
  readonly m: number;
  readonly n: number;
  readonly k: number;
}

/** An operand: where its first element lies, and the elements from one row, and one column, to the next. */
export interface Strided {
  readonly at: () => Address;
  readonly row: number;
  readonly column: number;
}

/** C = A·B with C's rows contiguous. */
export interface TiledProduct extends ProductSize {
  readonly a: Strided;
  readonly b: Strided;
  readonly c: Strided;
}

export const isWorthTiling = ({ m, n, k }: ProductSize): boolean =>
  m >= 2 * tileRows && n >= 8 && k >= 8 && m * n * k >= worthPacking;

const roundUp = (n: number, to: number): number => Math.ceil(n / to) * to;

/** Work space: the packed block of A, the packed block of B, one tile for what sticks out over C's edges. */
export function packingSpace({ m, n, k }: ProductSize): readonly ValueType[] {
  const depth = Math.min(k, kBlock);
  // The widest tile, so that the size does not depend on the precision.
  const columns = roundUp(n, 4 * tileVectors);
  const sizes = [roundUp(Math.min(m, mBlock), tileRows) * depth, columns * depth, tileRows * 4 * tileVectors];
  return sizes.map((size) => ({ shape: [size], dtype: 'float' }));
}

/** Functions that the products of one module share. */
const helpers = new WeakMap<ModuleContext, Map<string, Callee>>();

function helper(
  context: ModuleContext,
  key: string,
  params: readonly 'i32'[],
  body: (f: FunctionBuilder, l: Lanes) => void,
): Callee {
  let known = helpers.get(context);
  if (known === undefined) helpers.set(context, (known = new Map<string, Callee>()));
  let callee = known.get(key);
  if (callee === undefined) {
    const made = context.module.function(context.nextName(key), { params, result: null });
    body(made.builder, new Lanes(made.builder, context.math, context.precision));
    known.set(key, (callee = made.callee));
  }
  return callee;
}

const advance = (f: FunctionBuilder, pointer: Variable, bytes: number): void =>
  f.set(pointer, f.op('i32.add', f.get(pointer), f.i32(bytes)));

/** Runs the body while the counter, which it lowers by `by`, is at least that. */
function countDown(f: FunctionBuilder, left: Variable, by: number, body: () => void): void {
  const enough = (): Value => f.op('i32.ge_s', f.get(left), f.i32(by));
  f.if(enough(), () =>
    f.loop((again) => {
      body();
      advance(f, left, -by);
      f.branchIf(again, enough());
    }),
  );
}

/**
 * pack(from, to, count): `count` groups of `lanes` elements that lie `across` elements apart, one group `along` elements
 * after the other, in panels `wide` elements wide. What the panel has beyond `lanes` is left as it is.
 */
function packer(context: ModuleContext, lanes: number, across: number, along: number, wide: number): Callee {
  return helper(context, `pack_${lanes}_${across}_${along}_${wide}_`, ['i32', 'i32', 'i32'], (f, l) => {
    const bytes = l.bytesOf('float');
    const [from, to, left] = f.params.map((param) => f.variable(param));
    const group = (by: number): void => {
      const source = f.get(from);
      const target = f.get(to);
      for (let lane = 0; lane < lanes; lane += l.width) {
        const count = Math.min(l.width, lanes - lane);
        const place = (i: number): Address => ({
          pointer: source,
          offset: (by * along + (lane + i) * across) * bytes,
        });
        const vector =
          across === 1 && count === l.width
            ? loadVector(l, 'float', place(0), 'vector')
            : loadGather(
                l,
                'float',
                Array.from({ length: count }, (_, i) => place(i)),
              );
        storeLanes(l, 'float', { pointer: target, offset: (by * wide + lane) * bytes }, vector, count);
      }
    };
    for (const unroll of [4, 1]) {
      countDown(f, left, unroll, () => {
        for (let u = 0; u < unroll; u++) group(u);
        advance(f, from, unroll * along * bytes);
        advance(f, to, unroll * wide * bytes);
      });
    }
  });
}

/** tile(a, b, k, c, rowBytes, adds): C's tile (plus what it holds, if `adds`) from a panel of A and one of B. */
function tile(context: ModuleContext): Callee {
  return helper(context, 'tile_', ['i32', 'i32', 'i32', 'i32', 'i32', 'i32'], (f, l) => {
    const bytes = l.bytesOf('float');
    const columns = tileVectors * l.width;
    const [a, b, left] = f.params.slice(0, 3).map((param) => f.variable(param));
    const [, , , c, rowBytes, adds] = f.params;
    const rows = Array.from({ length: tileRows }, (_, i) =>
      i === 0 ? c : f.op('i32.add', c, f.op('i32.mul', rowBytes, f.i32(i))),
    );
    const sums = rows.map(() => Array.from({ length: tileVectors }, () => f.variable(l.float(0))));
    const eachSum = (visit: (sum: Variable, place: Address) => void): void =>
      sums.forEach((row, i) =>
        row.forEach((sum, v) => visit(sum, { pointer: rows[i], offset: v * l.width * bytes })),
      );
    f.if(adds, () => eachSum((sum, place) => f.set(sum, f.load('v128.load', place.pointer, place.offset))));
    const step = (by: number): void => {
      const at = (pointer: Value, element: number): Address => ({ pointer, offset: element * bytes });
      const ys = Array.from({ length: tileVectors }, (_, v) =>
        loadVector(l, 'float', at(f.get(b), by * columns + v * l.width), 'vector'),
      );
      sums.forEach((row, i) => {
        const x = loadSplat(l, 'float', at(f.get(a), by * tileRows + i));
        row.forEach((sum, v) => f.set(sum, l.madd(x, ys[v], f.get(sum))));
      });
    };
    for (const unroll of [4, 1]) {
      countDown(f, left, unroll, () => {
        for (let u = 0; u < unroll; u++) step(u);
        advance(f, a, unroll * tileRows * bytes);
        advance(f, b, unroll * columns * bytes);
      });
    }
    eachSum((sum, { pointer, offset }) => f.store('v128.store', pointer, f.get(sum), offset));
  });
}

/** A run of equal blocks, or the shorter one at the end. */
interface Stretch {
  readonly start: number;
  readonly length: number;
  readonly times: number;
}

function stretches(total: number, block: number): Stretch[] {
  const times = Math.floor(total / block);
  const rest = total - times * block;
  const all = [
    { start: 0, length: block, times },
    { start: times * block, length: rest, times: 1 },
  ];
  return all.filter(({ length, times: n }) => length > 0 && n > 0);
}

/** @param scratch the operands' and the tile's work space, as `packingSpace` orders it */
export function multiplyTiles(c: KernelContext, p: TiledProduct, scratch: readonly Address[]): void {
  const { f, lanes: l } = c;
  const { context } = c.e;
  const bytes = c.bytes('float');
  const columns = tileVectors * l.width;
  const place = ({ pointer, offset }: Address): Value => c.plus(pointer, f.i32(offset));
  const [aPacked, bPacked, spare] = scratch.map(place);
  const [a, b, out] = [p.a, p.b, p.c].map(({ at }) => place(at()));
  const moved = (start: Value, index: Value, elements: number): Value =>
    c.plus(start, c.scaled(index, elements * bytes));

  /** Blocks of a dimension; the body gets the first index and the (constant) length of each. */
  const blocks = (total: number, block: number, body: (start: Value, length: number) => void): void => {
    for (const { start, length, times } of stretches(total, block)) {
      c.range(times * block, block, (i) => body(c.plus(i(), f.i32(start)), length));
    }
  };

  blocks(p.k, kBlock, (k0, depth) => {
    const adds = c.plus(k0, f.i32(0));
    blocks(p.n, columns, (j, width) => {
      const from = moved(moved(b, k0, p.b.row), j, p.b.column);
      const pack = packer(context, width, p.b.column, p.b.row, columns);
      f.call(pack, from, moved(bPacked, j, depth), f.i32(depth));
    });
    blocks(p.m, mBlock, (i0, height) => {
      blocks(height, tileRows, (i, rows) => {
        const from = moved(moved(a, k0, p.a.column), f.op('i32.add', i0, i), p.a.row);
        const pack = packer(context, rows, p.a.row, p.a.column, tileRows);
        f.call(pack, from, moved(aPacked, i, depth), f.i32(depth));
      });
      blocks(p.n, columns, (j, width) => {
        blocks(height, tileRows, (i, rows) => {
          const target = moved(moved(out, f.op('i32.add', i0, i), p.c.row), j, 1);
          const panels = [moved(aPacked, i, depth), moved(bPacked, j, depth)] as const;
          const run = (to: Value, rowBytes: number): void =>
            void f.call(tile(context), ...panels, f.i32(depth), to, f.i32(rowBytes), adds);
          if (rows === tileRows && width === columns) return run(target, p.c.row * bytes);
          const copyRows = (between: (inner: Value, outer: Value) => void): void => {
            for (let row = 0; row < rows; row++) {
              between(
                f.op('i32.add', spare, f.i32(row * columns * bytes)),
                f.op('i32.add', target, f.i32(row * p.c.row * bytes)),
              );
            }
          };
          if (p.k > kBlock) copyRows((inner, outer) => f.copyMemory(inner, outer, width * bytes));
          run(spare, columns * bytes);
          copyRows((inner, outer) => f.copyMemory(outer, inner, width * bytes));
        });
      });
    });
  });
}
