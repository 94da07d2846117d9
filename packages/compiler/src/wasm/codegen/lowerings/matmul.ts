/**
 * Matrix products. C[i, j] = Σ_p A[i, p]·B[p, j], with any strides: transposes cost nothing. Two shapes of loop:
 *
 * - `rows`: B's rows are contiguous. Vectors run along j; each element of A is spread over a vector.
 * - `dots`: A's rows and B's columns are contiguous. Vectors run along p; lanes are added at the end.
 *
 * Products with few columns are turned round (Cᵀ = Bᵀ·Aᵀ) when that makes vectors longer. Large ones are packed: see
 * `matmul-tiles.ts`.
 */
import type { Value, Variable } from '../../assembler';
import type { KernelContext } from '../kernel-context';
import type { Composite, Loops, NodeTypes } from '../lowering';
import { loadSplat, loadVector, storeLanes, type Address } from '../memory-lanes';
import type { RowProduct } from '../row-products';
import type { Touch } from '../touch';
import { broadcastStrides, rowMajor, type View } from '../view';
import { isWorthTiling, multiplyTiles, packingSpace, type ProductSize } from './matmul-tiles';
import {
  repeat,
  rowBlocks,
  shifted,
  storeTotals,
  transposed,
  turned,
  walker,
  type Matrix,
  type Product,
} from './matrix';
import { addVectorByMatrix, matrixByVector } from './matrix-vector';

/** Widths of the column blocks, in elements: full vectors as far as they go, then a last narrow one. */
interface Block {
  readonly vectors: number;
  /** Elements of the last vector that count. */
  readonly tail: number;
}

/** One block of `height` rows and a few vectors of columns, over all p. */
function rowsBlock(
  c: KernelContext,
  p: Product,
  height: number,
  block: Block,
  a0: Address,
  b0: Address,
  c0: Address,
): void {
  const { f, lanes: l } = c;
  const zero = l.float(0);
  const extent = (v: number) => (v === block.vectors - 1 && block.tail === 1 ? 'first' : 'vector');
  const sums: Variable[][] = Array.from({ length: height }, () =>
    Array.from({ length: block.vectors }, () => f.variable(zero)),
  );
  const wa = walker(c, a0);
  const wb = walker(c, b0);
  const step = (by: number): void => {
    const bs = Array.from({ length: block.vectors }, (_, v) =>
      loadVector(l, 'float', shifted(c, wb.at(), by * p.b.row + v * l.width), extent(v)),
    );
    for (let i = 0; i < height; i++) {
      const x = loadSplat(l, 'float', shifted(c, wa.at(), by * p.a.column + i * p.a.row));
      bs.forEach((y, v) => f.set(sums[i][v], l.madd(x, y, f.get(sums[i][v]))));
    }
  };
  const unroll = height * block.vectors <= 8 ? 4 : height * block.vectors <= 16 ? 2 : 1;
  const turns = Math.floor(p.k / unroll);
  repeat(c, turns, () => {
    for (let u = 0; u < unroll; u++) step(u);
    wa.move(unroll * p.a.column);
    wb.move(unroll * p.b.row);
  });
  for (let u = 0; u < p.k - turns * unroll; u++) step(u);
  for (let i = 0; i < height; i++) {
    for (let v = 0; v < block.vectors; v++) {
      const count = v === block.vectors - 1 ? block.tail : l.width;
      storeRow(
        c,
        shifted(c, c0, i * p.c.row + v * l.width * p.c.column),
        p.c.column,
        f.get(sums[i][v]),
        count,
      );
    }
  }
}

/** Stores lanes along a row of C, which has a stride when the product was turned round. */
function storeRow(c: KernelContext, to: Address, stride: number, value: Value, count: number): void {
  const { lanes: l } = c;
  if (stride === 1 || count === 1) return storeLanes(l, 'float', to, value, count);
  for (let lane = 0; lane < count; lane++) {
    const one = l.pick('float', Array<Value>(l.width).fill(value), Array<number>(l.width).fill(lane));
    storeLanes(l, 'float', shifted(c, to, lane * stride), one, 1);
  }
}

function multiplyRows(c: KernelContext, p: Product): void {
  const { width } = c.lanes;
  const maxVectors = p.m === 1 ? 8 : p.m === 2 ? 4 : 2;
  const height = p.m === 1 ? 1 : p.m === 2 || p.m === 3 ? 2 : 4;
  const perBlock = maxVectors * width;
  const full = Math.floor(p.n / perBlock);
  const wb = walker(c, p.b.at());
  const columns = walker(c, p.c.at());
  const block = (shape: Block): void =>
    rowBlocks(c, { ...p, c: { ...p.c, at: columns.at } }, height, (h, a, out) =>
      rowsBlock(c, p, h, shape, a(), wb.at(), out()),
    );
  repeat(c, full, () => {
    block({ vectors: maxVectors, tail: width });
    wb.move(perBlock);
    columns.move(perBlock * p.c.column);
  });
  const rest = p.n - full * perBlock;
  const whole = Math.floor(rest / width);
  const odd = rest % width;
  if (width === 2) {
    if (rest > 0) block({ vectors: whole + odd, tail: odd === 0 ? width : 1 });
    return;
  }
  if (whole > 0) {
    block({ vectors: whole, tail: width });
    wb.move(whole * width);
    columns.move(whole * width * p.c.column);
  }
  for (let j = 0; j < odd; j++) {
    block({ vectors: 1, tail: 1 });
    wb.move(1);
    columns.move(p.c.column);
  }
}

/** A few rows of A against one column of B, both contiguous along p. */
function dotBlock(c: KernelContext, p: Product, height: number, a0: Address, b0: Address, c0: Address): void {
  const { f, lanes: l } = c;
  const zero = l.float(0);
  const chains = height < 4 ? 2 : 1;
  const sums = Array.from({ length: height }, () => Array.from({ length: chains }, () => f.variable(zero)));
  const wa = walker(c, a0);
  const wb = walker(c, b0);
  const step = (by: number, count: number, chain: number): void => {
    const extent = count === 1 ? 'first' : 'vector';
    const y = loadVector(l, 'float', shifted(c, wb.at(), by), extent);
    for (let i = 0; i < height; i++) {
      const x = loadVector(l, 'float', shifted(c, wa.at(), by + i * p.a.row), extent);
      f.set(sums[i][chain], l.madd(x, y, f.get(sums[i][chain])));
    }
  };
  const vectors = Math.floor(p.k / l.width);
  // Short rows are written out: B's column then stays in registers.
  const unroll = vectors <= 8 ? vectors : 4;
  const turns = unroll === 0 ? 0 : Math.floor(vectors / unroll);
  repeat(c, turns, () => {
    for (let u = 0; u < unroll; u++) step(u * l.width, l.width, u % chains);
    if (turns > 1) {
      wa.move(unroll * l.width);
      wb.move(unroll * l.width);
    }
  });
  const done = turns > 1 ? turns * unroll * l.width : 0;
  for (let at = turns > 1 ? 0 : turns * unroll * l.width; at < p.k - done;) {
    const count = at + l.width <= p.k - done ? l.width : 1;
    step(at, count, 0);
    at += count;
  }
  const add = (x: Value, y: Value): Value => l.op('add', x, y);
  const totals = sums.map((s) => s.map((v) => f.get(v)).reduce(add));
  storeTotals(c, p, totals, c0);
}

function dots(c: KernelContext, p: Product): void {
  const wb = walker(c, p.b.at());
  const columns = walker(c, p.c.at());
  repeat(c, p.n, () => {
    rowBlocks(c, { ...p, c: { ...p.c, at: columns.at } }, 4, (h, a, out) =>
      dotBlock(c, p, h, a(), wb.at(), out()),
    );
    wb.move(p.b.column);
    columns.move(p.c.column);
  });
}

/** No contiguous pair of axes: one element after the other. */
function scalars(c: KernelContext, p: Product): void {
  const { f, lanes: l } = c;
  const wb = walker(c, p.b.at());
  const columns = walker(c, p.c.at());
  repeat(c, p.n, () => {
    rowBlocks(c, { ...p, c: { ...p.c, at: columns.at } }, 1, (_h, a, out) => {
      const sum = f.variable(l.float(0));
      const wa = walker(c, a());
      const wp = walker(c, wb.at());
      repeat(c, p.k, () => {
        f.set(sum, l.madd(loadSplat(l, 'float', wa.at()), loadSplat(l, 'float', wp.at()), f.get(sum)));
        wa.move(p.a.column);
        wp.move(p.b.row);
      });
      storeLanes(l, 'float', out(), f.get(sum), 1);
    });
    wb.move(p.b.column);
    columns.move(p.c.column);
  });
}

/** The sums start at zero in memory. */
function vectorByMatrix(c: KernelContext, p: Product): void {
  const { lanes: l } = c;
  const vectors = Math.floor(p.n / l.width);
  const out = walker(c, p.c.at());
  repeat(c, vectors, () => {
    storeLanes(l, 'float', out.at(), l.float(0), l.width);
    out.move(l.width);
  });
  if (p.n % l.width > 0) storeLanes(l, 'float', out.at(), l.float(0), p.n % l.width);
  addVectorByMatrix(c, p);
}

function multiply(c: KernelContext, p: Product): void {
  if (isWorthTiling(p))
    return multiplyTiles(
      c,
      p,
      [1, 2, 3].map((scratch) => c.output(scratch)),
    );
  const dotable = (q: Product): boolean => q.a.column === 1 && (q.b.row === 1 || q.k === 1);
  const rowable = (q: Product): boolean => q.b.column === 1 && q.n >= 2;
  const other = transposed(p);
  if (p.n === 1 && dotable(p)) return matrixByVector(c, p);
  if (p.m === 1 && dotable(other)) return matrixByVector(c, other);
  if (p.m === 1 && rowable(p) && p.c.column === 1) return vectorByMatrix(c, p);
  if (p.n === 1 && rowable(other) && other.c.column === 1) return vectorByMatrix(c, other);
  if (rowable(p) && p.n >= Math.min(p.m, 4)) return multiplyRows(c, p);
  if (rowable(other)) return multiplyRows(c, other);
  if (rowable(p)) return multiplyRows(c, p);
  if (dotable(p)) return dots(c, p);
  if (dotable(other)) return dots(c, other);
  scalars(c, p);
}

/** Runs the body for every matrix of the batch, with element offsets for the operands and the result. */
function emitBatches(c: KernelContext): void {
  const out = c.outputType().shape;
  const batch = out.slice(0, -2);
  const sides = [c.view(0), c.view(1)];
  const batchStrides = (v: View): number[] =>
    broadcastStrides({ ...v, shape: v.shape.slice(0, -2), strides: v.strides.slice(0, -2) }, batch);
  const moves = [...sides.map(batchStrides), rowMajor(out).slice(0, -2)];
  const starts = [c.input(0), c.input(1), c.output()];
  const walk = (axis: number, at: readonly (() => Address)[]): void => {
    if (axis === batch.length) return multiply(c, productOf(c, at));
    if (batch[axis] === 1) return walk(axis + 1, at);
    const walkers = at.map((a) => walker(c, a()));
    repeat(c, batch[axis], () => {
      walk(
        axis + 1,
        walkers.map((w) => w.at),
      );
      walkers.forEach((w, i) => w.move(moves[i][axis]));
    });
  };
  walk(
    0,
    starts.map((s) => () => s),
  );
}

function sizeOfProduct({ inputs: [a], outputs: [{ shape }], attrs }: NodeTypes): ProductSize {
  const [m, n] = shape.slice(-2);
  return { m, n, k: a.shape.at(attrs['transposeA'] === true ? -2 : -1) as number };
}

function productOf(c: KernelContext, [a, b, out]: readonly (() => Address)[]): Product {
  const matrix = (view: View, at: () => Address, flip: unknown): Matrix => {
    const [row, column] = view.strides.slice(-2);
    const plain = { at, row, column };
    return flip === true ? turned(plain) : plain;
  };
  const own = rowMajor(c.outputType().shape);
  return {
    ...sizeOfProduct({ inputs: [c.inputType(0)], outputs: [c.outputType()], attrs: c.attrs }),
    a: matrix(c.view(0), a, c.attrs['transposeA']),
    b: matrix(c.view(1), b, c.attrs['transposeB']),
    c: { at: out, row: own.at(-2) as number, column: own.at(-1) as number },
  };
}

/** Some rows of a matrix, and where what has one number a row has theirs. */
interface Rows {
  readonly row: Value;
  readonly place: Value;
  readonly count: number;
}

/** Some rows of a matrix–vector product, or their share of the transposed one; `out` is where the result begins. */
export function emitRows(
  c: KernelContext,
  { kind, turn }: RowProduct,
  { row, place, count }: Rows,
  out: Address,
  touch?: Touch,
): void {
  const starts = [c.input(0), c.input(1), out];
  const whole = productOf(
    c,
    starts.map((s) => () => s),
  );
  const p = turn ? transposed(whole) : whole;
  const from = (matrix: Matrix, first: Value, stride: number): Matrix => {
    const start = matrix.at();
    const moved = c.moved(start, c.scaled(first, stride * c.bytes('float')));
    return { ...matrix, at: () => moved };
  };
  if (kind === 'forward')
    matrixByVector(c, { ...p, m: count, a: from(p.a, row, p.a.row), c: from(p.c, place, p.c.row) }, touch);
  else
    addVectorByMatrix(
      c,
      { ...p, k: count, a: from(p.a, place, p.a.column), b: from(p.b, row, p.b.row) },
      touch,
    );
}

const batchMatMul: Loops = {
  kind: 'loops',
  // Addresses are immediate offsets, which cannot be negative.
  strided: 'forward',
  accepts: ({ inputs, outputs: [o] }) => o.dtype === 'float' && inputs.every((i) => i.dtype === 'float'),
  scratch: (types) => {
    const size = sizeOfProduct(types);
    return isWorthTiling(size) ? packingSpace(size) : [];
  },
  emit: emitBatches,
};

const activations: Readonly<Record<string, string>> = {
  relu: 'Relu',
  relu6: 'Relu6',
  elu: 'Elu',
  sigmoid: 'Sigmoid',
  leakyrelu: 'LeakyRelu',
};

const fusedMatMul: Composite = {
  kind: 'composite',
  build: (g, [a, b, ...rest], { attrs }) => {
    const { transposeA, transposeB } = attrs;
    const activation = (attrs['activation'] as string | undefined) ?? 'linear';
    const bias = rest.length > (activation === 'prelu' ? 1 : 0) ? rest[0] : undefined;
    let y = g.node('BatchMatMul', [a, b], { transposeA, transposeB });
    if (bias !== undefined) y = g.node('Add', [y, bias]);
    if (activation === 'prelu') return [g.node('Prelu', [y, rest[rest.length - 1]])];
    if (activation === 'linear') return [y];
    return [g.node(activations[activation], [y], { alpha: attrs['leakyreluAlpha'] ?? 0.2 })];
  },
};

export const matmul = { BatchMatMul: batchMatMul, _FusedMatMul: fusedMatMul };
