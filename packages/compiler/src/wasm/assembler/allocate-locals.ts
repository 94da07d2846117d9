/**
 * Linear-scan assignment of locals. Reusing locals matters: the baseline compiler of V8 needs time in proportion to
 * locals × branches, and over 50,000 locals are refused.
 */
import { eachAccess, type Statement } from './stackify';
import type { Value, Variable } from './instr-tree';
import type { ValType } from './types';

type Item = Value | Variable;

interface Interval {
  readonly item: Item;
  readonly start: number;
  end: number;
}

interface OpenLoop {
  readonly start: number;
  /** Defined before the loop and read or written in it: live until its end. */
  readonly crossing: Interval[];
}

function intervals(statements: readonly Statement[]): Interval[] {
  const known = new Map<Item, Interval>();
  const inOrder: Interval[] = [];
  const open: (OpenLoop | null)[] = [];
  let position = 0;

  const access = (item: Item): void => {
    let interval = known.get(item);
    if (interval === undefined) {
      interval = { item, start: position, end: position };
      known.set(item, interval);
      inOrder.push(interval);
    }
    interval.end = position;
    for (const loop of open) {
      if (loop !== null && loop.start > interval.start) {
        loop.crossing.push(interval);
        break;
      }
    }
  };

  for (; position < statements.length; position++) {
    const statement = statements[position];
    const { kind } = statement.tree.instr;
    eachAccess(statement, access, access);
    if (kind === 'loop') open.push({ start: position, crossing: [] });
    else if (kind === 'block' || kind === 'if') open.push(null);
    else if (kind === 'end') {
      const closed = open.pop();
      for (const interval of closed?.crossing ?? []) interval.end = Math.max(interval.end, position);
    }
  }
  return inOrder;
}

/**
 * Sets `local` of every value and variable that the statements access.
 * @returns the types of the locals after the parameters
 */
export function allocateLocals(statements: readonly Statement[], paramCount: number): ValType[] {
  const all = intervals(statements);
  const endingAt: Interval[][] = [];
  for (const interval of all) (endingAt[interval.end] ??= []).push(interval);

  const free = new Map<ValType, number[]>();
  const types: ValType[] = [];
  let released = 0;
  for (const interval of all) {
    for (; released <= interval.start; released++) {
      for (const done of endingAt[released] ?? []) {
        if (done.start === interval.start) continue;
        const { type, local } = done.item;
        const list = free.get(type);
        if (list === undefined) free.set(type, [local]);
        else list.push(local);
      }
    }
    const { type } = interval.item;
    const reused = free.get(type)?.pop();
    interval.item.local = reused ?? paramCount + types.push(type) - 1;
  }
  return groupByType(all, types, paramCount);
}

/** Renumbers so that locals of one type are neighbours, as the binary format's run-length code likes. */
function groupByType(all: readonly Interval[], types: readonly ValType[], paramCount: number): ValType[] {
  const order = types
    .map((_, i) => i)
    .sort((a, b) => (types[a] < types[b] ? -1 : types[a] > types[b] ? 1 : a - b));
  const renumbered = new Int32Array(types.length);
  order.forEach((old, index) => (renumbered[old] = index));
  for (const { item } of all) item.local = paramCount + renumbered[item.local - paramCount];
  return order.map((old) => types[old]);
}
