/**
 * A matrix by a vector, and a vector by a matrix, rows contiguous. Both walk the matrix in its own order.
 *
 * The engine's compiler moves all loads of a basic block to its beginning: with more than about sixteen of them it runs
 * out of registers and every value goes through the stack, which halves the speed. Bodies of loops are kept below that.
 */
import type { Value } from '../../assembler';
import type { KernelContext } from '../kernel-context';
import type { Extent } from '../lanes';
import { loadSplat, loadVector, storeLanes, type Address } from '../memory-lanes';
import type { Touch } from '../touch';
import { repeat, rowBlocks, shifted, storeTotals, walker, type Product } from './matrix';

/** Rows of up to so many vectors are written out, with the vector or the sums in registers. */
const fewVectors = 8;
/** Rows that share each load of the vector, or each load and store of the sums. */
const sharingRows = 8;
/** Vectors of each row in one turn of a loop over long rows. */
const perTurn = 2;

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

function longRowsByVector(c: KernelContext, p: Product, touch: Touch): void {
  const { f, lanes: l } = c;
  const pieces = piecesOf(p.k, l.width);
  const turns = Math.floor(p.k / l.width / perTurn);
  rowBlocks(c, p, sharingRows, (height, a, out) => {
    const sums = Array.from({ length: height }, () => f.variable(l.float(0)));
    const [wa, wb] = [walker(c, a()), walker(c, p.b.at())];
    const step = (piece: Piece): void => {
      const y = load(c, wb.at(), piece);
      sums.forEach((sum, i) => {
        const x = load(c, shifted(c, wa.at(), i * p.a.row), piece);
        f.set(sum, l.madd(x, y, f.get(sum)));
      });
    };
    repeat(c, turns, () => {
      touch(height * perTurn * 16);
      pieces.slice(0, perTurn).forEach(step);
      wa.move(perTurn * l.width);
      wb.move(perTurn * l.width);
    });
    const done = turns * perTurn;
    for (const piece of pieces.slice(done)) step({ ...piece, at: piece.at - done * l.width });
    storeTotals(
      c,
      p,
      sums.map((sum) => f.get(sum)),
      out(),
    );
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
  const pieces = piecesOf(p.n, l.width);
  const turns = Math.floor(p.n / l.width / perTurn);
  rowBlocks(c, transposedRows(p), sharingRows, (height, b, a) => {
    const factors = Array.from({ length: height }, (_, i) =>
      f.variable(loadSplat(l, 'float', shifted(c, a(), i * p.a.column))),
    );
    const [wb, wc] = [walker(c, b()), walker(c, p.c.at())];
    const step = (piece: Piece): void => {
      const row = (i: number): Value => load(c, shifted(c, wb.at(), i * p.b.row), piece);
      let terms: Value[] = [];
      for (let i = 0; i < height; i += 2) {
        const first = l.op('mul', row(i), f.get(factors[i]));
        terms.push(i + 1 < height ? l.madd(row(i + 1), f.get(factors[i + 1]), first) : first);
      }
      while (terms.length > 1) {
        const pairs = terms.filter((_, i) => i % 2 === 0);
        terms = pairs.map((x, i) => (2 * i + 1 < terms.length ? l.op('add', x, terms[2 * i + 1]) : x));
      }
      const sum = l.op('add', load(c, wc.at(), piece), terms[0]);
      storeLanes(l, 'float', shifted(c, wc.at(), piece.at), sum, piece.count);
    };
    repeat(c, turns, () => {
      touch(height * perTurn * 16);
      pieces.slice(0, perTurn).forEach(step);
      wb.move(perTurn * l.width);
      wc.move(perTurn * l.width);
    });
    const done = turns * perTurn;
    for (const piece of pieces.slice(done)) step({ ...piece, at: piece.at - done * l.width });
  });
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
