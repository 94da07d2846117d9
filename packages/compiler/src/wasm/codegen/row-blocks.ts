/**
 * η = X·β, a loop over the rows, Xᵀ·w: where X is larger than the cache, the three are done block of rows by block of
 * rows, so that X comes from memory once.
 */
import { sizeOf } from '@pyro-ts/ops';
import type { Value } from '../assembler';
import type { Emitter } from './emitter';
import { emitLoop } from './emit-loop';
import { KernelContext } from './kernel-context';
import { emitRows } from './lowerings/matmul';
import type { PlanNode } from './plan';
import { readsWholly, rowProduct, type RowProduct } from './row-products';
import type { Unit } from './schedule';
import { touchAhead, type Touch } from './touch';
import { isContiguous, squeezed } from './view';

/** Smaller matrices stay in the first-level cache between the passes, or nearly. */
const fewestBytes = 2 ** 16;
/** Larger matrices do not stay in the second-level cache between two calls: each block brings in the next one. */
const touchedBytes = 2 ** 19;
/** Of the matrix, in one block: two of them and the vectors stay in the first-level cache. */
const blockBytes = 14_000;
/** Blocks are multiples of it: the kernels take so many rows at a time. */
const rowsTogether = 8;

interface Found {
  readonly at: number;
  readonly node: PlanNode;
  readonly product: RowProduct;
}

/** Merges kernels into the loops that lie between them. */
export function mergeRowBlocks(units: readonly Unit[], floatBytes: number): Unit[] {
  const products = units.flatMap(({ nodes: [node] }, at): Found[] => {
    const product = rowProduct(node);
    const large = product !== null && product.rows * product.columns * floatBytes >= fewestBytes;
    return large ? [{ at, node, product }] : [];
  });
  const merged = new Map<number, Unit>();
  const gone = new Set<number>();
  units.forEach((unit, at) => {
    const [{ space }] = unit.nodes;
    if (unit.kind !== 'loop' || squeezed(space).length !== 1) return;
    const rows = sizeOf(space);
    // Sums and scattered sums are only complete after the last block.
    const byRow = unit.nodes.filter(({ lowering }) => lowering.kind === 'elementwise');
    const own = new Set(byRow.flatMap((n) => n.outputs));
    const free = products.filter((p) => p.product.rows === rows && !gone.has(p.at));
    const before = free.filter((p) => p.product.kind === 'forward' && p.at < at && feeds(p, units, at, rows));
    const after = free.filter(({ product: { kind, vector, matrix }, at: place }) => {
      const shared = before.some((p) => p.product.matrix.root === matrix.root);
      return (
        kind === 'back' &&
        place > at &&
        shared &&
        own.has(vector.root) &&
        readsWholly(vector, vector.root, rows)
      );
    });
    const shared = before.filter((b) => after.some((a) => a.product.matrix.root === b.product.matrix.root));
    if (after.length === 0) return;
    for (const { at: place } of [...shared, ...after]) gone.add(place);
    const [forward, back] = [shared, after].map((found) => found.map(({ node }) => node));
    const rowBytes = shared[0].product.columns * floatBytes;
    const perBlock = Math.floor(blockBytes / rowBytes / rowsTogether) * rowsTogether;
    const block = Math.min(Math.max(perBlock, rowsTogether), 512);
    if (block >= rows) return;
    const blocks = { before: forward, loop: unit.nodes, after: back, rows: block };
    merged.set(at, { kind: 'blocked', nodes: [...forward, ...unit.nodes, ...back], blocks });
  });
  return units.flatMap((unit, at) => (gone.has(at) ? [] : [merged.get(at) ?? unit]));
}

/** Whether the product's rows are read in order by the loop, and by nothing before it. */
function feeds({ at, node }: Found, units: readonly Unit[], loop: number, rows: number): boolean {
  const [output] = node.outputs;
  const reads = units[loop].nodes.flatMap(({ operands, lowering }) =>
    operands.flatMap((view, i) => {
      const anywhere = i === 0 && lowering.kind === 'elementwise' && lowering.gathers === true;
      return view.root === output ? [{ view, anywhere }] : [];
    }),
  );
  const between = units
    .slice(at + 1, loop)
    .some(({ nodes }) => nodes.some((n) => n.operands.some((view) => view.root === output)));
  const inOrder = reads.every(
    ({ view, anywhere }) => !anywhere && isContiguous(view) && readsWholly(view, output, rows),
  );
  return !between && reads.length > 0 && inOrder;
}

/** Touches the next block while one is worked on; the first one, for the next call, where none is left. */
function touchNext(
  e: Emitter,
  node: PlanNode,
  rows: number,
): { next: (row: Value) => void; touch: Touch } | null {
  const { f } = e;
  const { matrix, rows: all, columns } = rowProduct(node) as RowProduct;
  const rowBytes = columns * e.bytesOf(matrix.root);
  if (all * rowBytes < touchedBytes || all < 3 * rows) return null;
  const { pointer: start, offset } = e.addressOf(matrix.root, matrix.offset);
  const pointer = f.variable(start);
  const next = (row: Value): void => {
    // The pointer moves on by two blocks at most: by one for each of two kernels.
    const isInside = f.op('i32.le_u', row, f.i32(all - 3 * rows));
    const ahead = f.op('i32.mul', f.op('i32.add', row, f.i32(rows)), f.i32(rowBytes));
    f.set(pointer, f.op('i32.add', start, f.op('i32.mul', isInside, ahead)));
  };
  return { next, touch: touchAhead(f, pointer, offset) };
}

export function emitBlocked(e: Emitter, { before, loop, after, rows }: NonNullable<Unit['blocks']>): void {
  for (const node of after) new KernelContext(e, node).fill(0);
  const ahead = touchNext(e, before[0], rows);
  const run = (nodes: readonly PlanNode[]) => (row: Value, count: number) => {
    for (const node of nodes) {
      const touch = node === nodes[0] ? ahead?.touch : undefined;
      emitRows(new KernelContext(e, node), rowProduct(node) as RowProduct, row, count, touch);
    }
  };
  emitLoop(e, loop, {
    rows,
    before: (row, count) => {
      ahead?.next(row);
      run(before)(row, count);
    },
    after: run(after),
  });
}
