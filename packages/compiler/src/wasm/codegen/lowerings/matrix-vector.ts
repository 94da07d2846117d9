/**
 * A matrix by a vector, and a vector by a matrix, rows contiguous. Both walk the matrix in its own order.
 *
 * The engine's compiler moves all loads between two stores of a basic block to the first of them: with more than about
 * sixteen it runs out of registers, and values go through the stack, which costs a quarter to a half of the speed.
 */
import type { Value } from '../../assembler';
import type { KernelContext } from '../kernel-context';
import type { Extent, Lanes } from '../lanes';
import { loadSplat, loadVector, storeLanes, type Address } from '../memory-lanes';
import type { Touch } from '../touch';
import { repeat, rowBlocks, shifted, storeTotals, walker, type Product } from './matrix';

/** Rows of up to so many vectors are written out, with the vector or the sums in registers. */
const fewVectors = 8;
/** Long rows: how many share each load of the vector, and vectors of each in a turn of the loop. */
const forward = { rows: 4, perTurn: 2 };
/** Long rows: how many share each load and store of the sums, and vectors of each in a turn. */
const back = { rows: 8, perTurn: 4 };

/** One vector of a row, or what is left of it. */
interface Piece {
  readonly at: number;
  readonly extent: Extent;
  readonly count: number;
}

function piecesOf(length: number, width: number): Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  for (; at + width <= length; at += width) pieces.push({ at, extent: 'vector', count: width });
  for (; at < length; at++) pieces.push({ at, extent: 'first', count: 1 });
  return pieces;
}

const load = (c: KernelContext, from: Address, { at, extent }: Piece): Value =>
  loadVector(c.lanes, 'float', shifted(c, from, at), extent);

/** C = A·b: the rows of A and the vector are contiguous. `touch` is called with the bytes that a turn reads. */
export function matrixByVector(c: KernelContext, p: Product, touch: Touch = () => undefined): void {
  if (piecesOf(p.k, c.lanes.width).length <= fewVectors) shortRowsByVector(c, p, touch);
  else longRowsByVector(c, p, touch);
}

function shortRowsByVector(c: KernelContext, p: Product, touch: Touch): void {
  const { f, lanes: l } = c;
  const pieces = piecesOf(p.k, l.width);
  const vector = pieces.map((piece) => f.variable(load(c, p.b.at(), piece)));
  const rows = pieces.length <= 2 ? 4 : 2;
  rowBlocks(c, p, rows, (height, a, out) => {
    touch(height * p.a.row * c.bytes('float'));
    const totals = Array.from({ length: height }, (_, i) =>
      pieces.reduce<Value | null>((sum, piece, v) => {
        const x = load(c, shifted(c, a(), i * p.a.row), piece);
        const y = f.get(vector[v]);
        return sum === null ? l.op('mul', x, y) : l.madd(x, y, sum);
      }, null),
    );
    storeTotals(c, p, totals as Value[], out());
  });
}

/** Walks along some rows of a matrix, and a vector beside them: several vectors of each in a turn. */
function alongRows(
  c: KernelContext,
  length: number,
  [matrix, vector]: readonly [Address, Address],
  perTurn: number,
  { turn, step }: { turn: () => void; step: (matrix: Address, vector: Address, piece: Piece) => void },
): void {
  const pieces = piecesOf(length, c.lanes.width);
  const done = perTurn * c.lanes.width;
  const turns = Math.floor(length / done);
  const walkers = [walker(c, matrix), walker(c, vector)];
  const each = (piece: Piece): void => step(walkers[0].at(), walkers[1].at(), piece);
  repeat(c, turns, () => {
    turn();
    pieces.slice(0, perTurn).forEach(each);
    for (const { move } of walkers) move(done);
  });
  for (const piece of pieces.slice(turns * perTurn)) each({ ...piece, at: piece.at - turns * done });
}

function longRowsByVector(c: KernelContext, p: Product, touch: Touch): void {
  const { f, lanes: l } = c;
  rowBlocks(c, p, forward.rows, (height, a, out) => {
    const sums = Array.from({ length: height }, () => f.variable(l.float(0)));
    alongRows(c, p.k, [a(), p.b.at()], forward.perTurn, {
      turn: () => touch(height * forward.perTurn * 16),
      step: (matrix, vector, piece) => {
        const y = load(c, vector, piece);
        sums.forEach((sum, i) => {
          const x = load(c, shifted(c, matrix, i * p.a.row), piece);
          f.set(sum, l.madd(x, y, f.get(sum)));
        });
      },
    });
    const totals = sums.map((sum) => f.get(sum));
    storeTotals(c, p, totals, out());
  });
}

/** C += a·B: the rows of B and of C are contiguous, a has any stride. */
export function addVectorByMatrix(c: KernelContext, p: Product, touch: Touch = () => undefined): void {
  if (piecesOf(p.n, c.lanes.width).length <= fewVectors) addVectorByShortRows(c, p, touch);
  else addVectorByLongRows(c, p, touch);
}

function addVectorByShortRows(c: KernelContext, p: Product, touch: Touch): void {
  const { f, lanes: l } = c;
  const pieces = piecesOf(p.n, l.width);
  const rows = Math.max(1, Math.floor(fewVectors / pieces.length));
  // A chain of additions to each sum is as long as there are rows in a turn: short ones hide behind each other.
  const chains = pieces.length <= 2 ? Math.min(rows, 4) : 1;
  const sums = pieces.map((piece) =>
    Array.from({ length: chains }, (_, i) => f.variable(i === 0 ? load(c, p.c.at(), piece) : l.float(0))),
  );
  const byTurns = transposedRows(p);
  rowBlocks(c, byTurns, rows, (height, b, a) => {
    touch(height * p.b.row * c.bytes('float'));
    for (let i = 0; i < height; i++) {
      const x = loadSplat(l, 'float', shifted(c, a(), i * p.a.column));
      pieces.forEach((piece, v) => {
        const sum = sums[v][i % chains];
        f.set(sum, l.madd(x, load(c, shifted(c, b(), i * p.b.row), piece), f.get(sum)));
      });
    }
  });
  pieces.forEach(({ at, count }, v) => {
    const total = sums[v].map((sum) => f.get(sum)).reduce((x, y) => l.op('add', x, y));
    storeLanes(l, 'float', shifted(c, p.c.at(), at), total, count);
  });
}

function addVectorByLongRows(c: KernelContext, p: Product, touch: Touch): void {
  const { f, lanes: l } = c;
  rowBlocks(c, transposedRows(p), back.rows, (height, b, a) => {
    const factors = Array.from({ length: height }, (_, i) =>
      f.variable(loadSplat(l, 'float', shifted(c, a(), i * p.a.column))),
    );
    alongRows(c, p.n, [b(), p.c.at()], back.perTurn, {
      turn: () => touch(height * back.perTurn * 16),
      step: (matrix, sums, piece) => {
        const row = (i: number): Value => load(c, shifted(c, matrix, i * p.b.row), piece);
        const pairs = factors.flatMap((x, i) => {
          if (i % 2 === 1) return [];
          const first = l.op('mul', row(i), f.get(x));
          return [i + 1 < height ? l.madd(row(i + 1), f.get(factors[i + 1]), first) : first];
        });
        const sum = l.op('add', load(c, sums, piece), treeSum(l, pairs));
        storeLanes(l, 'float', shifted(c, sums, piece.at), sum, piece.count);
      },
    });
  });
}

function treeSum(l: Lanes, terms: readonly Value[]): Value {
  if (terms.length === 1) return terms[0];
  const half = 2 ** Math.ceil(Math.log2(terms.length) - 1);
  return l.op('add', treeSum(l, terms.slice(0, half)), treeSum(l, terms.slice(half)));
}

/** For walking over B's rows and a's elements together, as `rowBlocks` walks over A and C. */
const transposedRows = ({ k, a, b, ...rest }: Product): Product => ({
  ...rest,
  k,
  m: k,
  a: b,
  b: a,
  c: { at: a.at, row: a.column, column: a.row },
});
