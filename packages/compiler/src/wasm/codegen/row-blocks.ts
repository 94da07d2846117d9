/**
 * η = X·β, a loop over the rows, Xᵀ·w: where X is larger than the cache, the three are done block of rows by block of
 * rows, so that X comes from memory once.
 */
import { sizeOf } from '@pyro-ts/ops';
import type { ValueId } from '../../graph/graph';
import type { Value } from '../assembler';
import { groupsOf, type Groups } from './block-order';
import type { Emitter } from './emitter';
import { emitLoop } from './emit-loop';
import { KernelContext } from './kernel-context';
import type { Extent } from './lanes';
import { emitRows } from './lowerings/matmul';
import { loadVector, storeLanes, type Address } from './memory-lanes';
import type { Plan, PlanNode } from './plan';
import { readsWholly, rowProduct, type RowProduct } from './row-products';
import type { Unit } from './schedule';
import { touchAhead, type Touch } from './touch';
import { isContiguous, squeezed } from './view';

/** Smaller matrices stay in the first-level cache between the passes, or nearly. */
const fewestBytes = 2 ** 16;
/** Larger matrices do not stay in the second-level cache between two calls: each block brings in the next one. */
const touchedBytes = 2 ** 19;
/** Of the matrix, in one block: two of them and the vectors stay in the first-level cache. */
const blockBytes = 7_000;
/** Blocks are multiples of it: the kernels take so many rows at a time. */
const rowsTogether = 8;

interface Found {
  readonly at: number;
  readonly node: PlanNode;
  readonly product: RowProduct;
}

interface Scheduled {
  readonly plan: Plan;
  readonly units: readonly Unit[];
}

/** Merges kernels into the loops that lie between them. @param width lanes of a vector */
export function mergeRowBlocks(plan: Plan, units: readonly Unit[], width: number): Scheduled {
  const floatBytes = 16 / width;
  const values = [...plan.values];
  const products = units.flatMap(({ nodes: [node] }, at): Found[] => {
    const product = rowProduct(node);
    const large = product !== null && product.rows * product.columns * floatBytes >= fewestBytes;
    return large ? [{ at, node, product }] : [];
  });
  const readers = readingUnits(plan, units);
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
    const rowBytes = shared[0].product.columns * floatBytes;
    const perBlock = Math.floor(blockBytes / rowBytes / rowsTogether) * rowsTogether;
    const block = Math.min(Math.max(perBlock, rowsTogether), 512);
    if (block >= rows) return;
    // Results that are added to at places that the data name are added to in the order of the rows.
    const anyOrder = unit.nodes.every(
      ({ lowering }) => lowering.kind !== 'reduction' || lowering.scatters !== true,
    );
    const groups = anyOrder ? groupsOf(rows, rowBytes, block) : null;
    /** The node with work space for the sums of the groups. */
    const byGroup = (node: PlanNode, size: number): PlanNode => {
      if (groups === null) return node;
      const sums = values.push({ shape: [groups.count, size], dtype: 'float' }) - 1;
      return { ...node, outputs: [...node.outputs, sums] };
    };
    const forward = shared.map(({ node }) => node);
    const loop = unit.nodes.map((node) => (node.lowering.kind === 'reduction' ? byGroup(node, width) : node));
    const backward = after.map(({ node, product }) => byGroup(node, product.columns));
    const inside = new Set([at, ...shared.map((p) => p.at), ...after.map((p) => p.at)]);
    const passing = [
      ...forward.map(({ outputs: [value] }) => value),
      ...after.map((p) => p.product.vector.root),
    ];
    const local = new Set(
      passing.filter((value) => readers.get(value)?.every((unit) => inside.has(unit)) === true),
    );
    const blocks = { before: forward, loop, after: backward, rows: block, groups, local };
    merged.set(at, { kind: 'blocked', nodes: [...forward, ...loop, ...backward], blocks });
  });
  const all = units.flatMap((unit, at) => (gone.has(at) ? [] : [merged.get(at) ?? unit]));
  return { plan: { ...plan, values }, units: all };
}

/** The units that read each value; what comes out of the program is read after all of them. */
function readingUnits(plan: Plan, units: readonly Unit[]): Map<ValueId, number[]> {
  const readers = new Map<ValueId, number[]>();
  const add = (value: ValueId, unit: number): void => {
    const known = readers.get(value);
    if (known === undefined) readers.set(value, [unit]);
    else known.push(unit);
  };
  units.forEach(({ nodes }, u) =>
    nodes.forEach(({ operands }) => operands.forEach(({ root }) => add(root, u))),
  );
  for (const value of plan.outputs) add(value, units.length);
  return readers;
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
    const isInside = f.op('i32.le_u', row, f.i32(all - 2 * rows));
    const ahead = f.op('i32.mul', f.op('i32.mul', row, isInside), f.i32(rowBytes));
    f.set(pointer, f.op('i32.add', start, ahead));
  };
  return { next, touch: touchAhead(f, pointer, offset) };
}

export function emitBlocked(
  e: Emitter,
  { before, loop, after, rows, groups, local }: NonNullable<Unit['blocks']>,
): void {
  for (const node of after) new KernelContext(e, node).fill(0, groups === null ? 0 : 1);
  const ahead = touchNext(e, before[0], rows);
  const run = (node: PlanNode, row: Value, count: number, out: Address): void => {
    const touch = node === before[0] || node === after[0] ? ahead?.touch : undefined;
    const product = rowProduct(node) as RowProduct;
    const byRow = product.kind === 'forward' ? node.outputs[0] : product.vector.root;
    const place = local.has(byRow) ? e.f.i32(0) : row;
    emitRows(new KernelContext(e, node), product, { row, place, count }, out, touch);
  };
  emitLoop(e, loop, {
    rows,
    groups,
    local,
    before: (row, count, next) => {
      ahead?.next(next);
      for (const node of before) run(node, row, count, new KernelContext(e, node).output());
    },
    after: (row, count, group) => {
      for (const node of after) run(node, row, count, sumsOf(new KernelContext(e, node), groups, group));
    },
  });
  if (groups !== null) for (const node of after) addSums(new KernelContext(e, node), groups);
}

/** Where a product adds the rows of a group. */
function sumsOf(c: KernelContext, groups: Groups | null, group: Value): Address {
  if (groups === null) return c.output();
  return c.moved(c.output(1), c.scaled(group, sizeOf(c.outputType().shape) * c.bytes('float')));
}

/** Adds the sums of all groups, column by column. */
function addSums(c: KernelContext, { count }: Groups): void {
  const { f, lanes: l } = c;
  const columns = sizeOf(c.outputType().shape);
  const rowBytes = columns * c.bytes('float');
  const column = (extent: Extent, move: (address: Address) => Address): void => {
    const total = f.variable(l.float(0));
    c.range(count, 1, (group) => {
      const own = c.moved(move(c.output(1)), c.scaled(group(), rowBytes));
      f.set(total, l.op('add', f.get(total), loadVector(l, 'float', own, extent)));
    });
    storeLanes(l, 'float', move(c.output()), f.get(total), extent === 'first' ? 1 : l.width);
  };
  const vectors = Math.floor(columns / l.width);
  c.range(vectors, 1, (i) => {
    const by = f.variable(c.scaled(i(), 16));
    column('vector', (address) => c.moved(address, f.get(by)));
  });
  for (let j = vectors * l.width; j < columns; j++)
    column('first', ({ pointer, offset }) => ({ pointer, offset: offset + j * c.bytes('float') }));
}
