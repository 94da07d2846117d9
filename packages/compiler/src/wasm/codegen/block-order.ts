/**
 * The order in which blocks of rows are walked. What a call reads last of a large matrix is still in the second-level
 * cache when the next call begins: groups of blocks are walked forth by one call and back by the next. Within a group
 * the order is always the same, and each group has sums of its own, which are added in the order of the groups: no
 * result depends on the direction.
 */
import type { Value } from '../assembler';
import type { Emitter } from './emitter';

export interface Groups {
  /** A multiple of the rows of a block. */
  readonly rows: number;
  /** The last one may be shorter. */
  readonly count: number;
}

/** Smaller matrices stay in the second-level cache from one call to the next anyway. */
const alternatingBytes = 2 ** 20;
/** Groups are small beside that cache, but not so many that their sums matter. */
const groupBytes = 2 ** 17;
const mostGroups = 32;

export function groupsOf(rows: number, rowBytes: number, block: number): Groups | null {
  const bytes = rows * rowBytes;
  if (bytes < alternatingBytes) return null;
  const blocks = Math.ceil(Math.max(groupBytes, bytes / mostGroups) / rowBytes / block);
  return { rows: blocks * block, count: Math.ceil(rows / (blocks * block)) };
}

/** What is done on the way. */
export interface Walk {
  /** A stretch of consecutive rows begins. */
  readonly enter: (row: Value) => void;
  /** @param next the row that comes after these; outside the matrix if there is none */
  readonly block: (row: Read, count: number, next: Value, group: Read) => void;
  /** All rows of a group are done. */
  readonly leave: (group: Read) => void;
}

/** A variable, or a constant, as it is at this moment. */
type Read = () => Value;

/** Walks over `rows` rows in blocks of `block`. */
export function walkBlocks(
  e: Emitter,
  rows: number,
  block: number,
  groups: Groups | null,
  { enter, block: visit, leave }: Walk,
): void {
  const { f } = e;
  const constant = (value: number): Read => {
    return () => f.i32(value);
  };
  const variable = (initial: Value): { readonly read: Read; readonly set: (value: Value) => void } => {
    const own = f.variable(initial);
    return { read: () => f.get(own), set: (value) => f.set(own, value) };
  };
  /** @param following the row after the last block */
  const stretch = (start: Value, count: number, following: Read, group: Read): void => {
    const row = variable(start);
    enter(row.read());
    const whole = count - (count % block);
    if (whole > 0) {
      const end = variable(f.op('i32.add', row.read(), f.i32(whole)));
      f.loop((again) => {
        const next = variable(f.op('i32.add', row.read(), f.i32(block)));
        const isLast = f.op('i32.eq', next.read(), end.read());
        visit(row.read, block, f.op('select.i32', following(), next.read(), isLast), group);
        row.set(next.read());
        f.branchIf(again, f.op('i32.lt_u', row.read(), end.read()));
      });
    }
    if (count > whole) visit(row.read, count - whole, f.i32(rows), group);
  };
  if (groups === null) return stretch(f.i32(0), rows, constant(rows), constant(0));
  const { rows: perGroup, count } = groups;
  const full = Math.floor(rows / perGroup);
  const isBack = variable(alternating(e));
  const step = variable(f.op('select.i32', f.i32(-1), f.i32(1), isBack.read()));
  const group = variable(f.op('i32.mul', isBack.read(), f.i32(full - 1)));
  const left = variable(f.i32(full));
  f.loop((again) => {
    const next = variable(f.op('i32.add', group.read(), step.read()));
    const following = variable(f.op('i32.mul', next.read(), f.i32(perGroup)));
    stretch(f.op('i32.mul', group.read(), f.i32(perGroup)), perGroup, following.read, group.read);
    leave(group.read);
    group.set(next.read());
    left.set(f.op('i32.sub', left.read(), f.i32(1)));
    f.branchIf(again, left.read());
  });
  if (count === full) return;
  stretch(f.i32(full * perGroup), rows - full * perGroup, constant(rows), constant(full));
  leave(constant(full));
}

/** 0 and 1 in turn, from one call to the next. */
function alternating({ f, context }: Emitter): Value {
  const global = context.module.global();
  const own = f.variable(f.op('i32.trunc_sat_f64_u', f.globalGet(global)));
  f.globalSet(global, f.op('f64.convert_i32_u', f.op('i32.eqz', f.get(own))));
  return f.get(own);
}
