/** The reductions of a fused loop: partial results in registers, single results, results in memory. */
import type { Value } from '../assembler';
import type { Emitter } from './emitter';
import { addsInMemory, type Accumulation } from './loop-parts';
import { loadVector, storeLanes } from './memory-lanes';
import type { Pointer, Pointers } from './pointers';
import { StridedVectors } from './strided-vectors';

export class LoopSums {
  private readonly vectors: StridedVectors;

  /** @param partials partial results of each reduction that stay in registers */
  constructor(
    private readonly e: Emitter,
    private readonly accumulations: readonly Accumulation[],
    private readonly pointers: Pointers,
    private readonly last: number,
    private readonly partials: number,
  ) {
    this.vectors = new StridedVectors(e.lanes, pointers, last);
  }

  /** Accumulators of the results that stay the same from this axis on. */
  open(axis: number): void {
    const { f } = this.e;
    for (const a of this.accumulations) {
      if (a.lastKept !== axis - 1) continue;
      const identity = this.identityOf(a);
      a.partial = Array.from({ length: this.partials }, () => f.variable(identity));
    }
  }

  /** After the loop over an axis: folds the results that are complete. */
  close(axis: number): void {
    for (const a of this.accumulations) if (a.lastKept === axis) this.finish(a, axis);
  }

  /** After the whole nest: single results stay in registers. */
  closeSingle(): void {
    for (const a of this.accumulations)
      if (a.lastKept < 0) this.e.registers.set(a.node.outputs[0], [this.finish(a, -1)]);
  }

  /** Moves what a group of blocks has added up to its place in memory. */
  setApart(group: Value): void {
    const { f } = this.e;
    for (const a of this.accumulations) {
      const { pointer, offset } = this.e.target(a.node.outputs[1]);
      const total = a.partial
        .map((p) => f.get(p))
        .reduce((x, y) => a.lowering.combine(this.e.lanes, x, y, a.dtype));
      const place = f.op('i32.add', pointer, f.op('i32.shl', group, f.i32(4)));
      f.store('v128.store', place, total, offset);
      for (const p of a.partial) f.set(p, this.identityOf(a));
    }
  }

  /** Adds what was set apart, in the order of the groups. */
  addGroups(count: number): void {
    const { f } = this.e;
    const at = f.variable(this.e.base);
    const left = f.variable(f.i32(count));
    if (this.accumulations.length === 0) return;
    f.loop((again) => {
      for (const a of this.accumulations) {
        const { offset } = this.e.target(a.node.outputs[1]);
        const [total] = a.partial;
        const own = f.load('v128.load', f.get(at), offset);
        f.set(total, a.lowering.combine(this.e.lanes, f.get(total), own, a.dtype));
      }
      f.set(at, f.op('i32.add', f.get(at), f.i32(16)));
      f.set(left, f.op('i32.sub', f.get(left), f.i32(1)));
      f.branchIf(again, f.get(left));
    });
  }

  /** Folds the partial results of an accumulation and stores the element. */
  private finish(a: Accumulation, axis: number): Value {
    const { e } = this;
    const { f, lanes: l } = e;
    const combine = (x: Value, y: Value): Value => a.lowering.combine(l, x, y, a.dtype);
    let total = f.get(a.partial[0]);
    for (const p of a.partial.slice(1)) total = combine(total, f.get(p));
    total = l.horizontal(a.dtype, total, combine);
    // The pointer has already been advanced past the element on its own axis.
    const address =
      axis < 0
        ? this.pointers.atStart(a.pointer as Pointer)
        : this.pointers.at(a.pointer as Pointer, axis, -1);
    if (addsInMemory(a)) total = combine(loadVector(l, a.dtype, address, 'first'), total);
    storeLanes(l, a.dtype, address, total, 1, axis < 0 ? e.keepOf(a.node.outputs[0]) : undefined);
    return total;
  }

  /** @param at elements from where the pointers stand */
  add(a: Accumulation, x: Value, at: number, accumulator: number, count: number): void {
    const { f, lanes: l } = this.e;
    const combine = (p: Value, q: Value): Value => a.lowering.combine(l, p, q, a.dtype);
    if (a.lastKept < this.last) {
      const partial = a.partial[accumulator];
      const before = f.get(partial);
      const only = count === l.width ? null : l.laneMask(count, a.dtype);
      f.set(partial, combine(before, only === null ? x : l.select(only, x, this.identityOf(a))));
      return;
    }
    const pointer = a.pointer as Pointer;
    if (!addsInMemory(a)) return this.vectors.store(pointer, a.dtype, at, x, count);
    // Of a vector of which one lane counts the others need not exist.
    const before = count === 1 ? this.first(a, at) : this.vectors.read(pointer, a.dtype, at, count);
    this.vectors.store(pointer, a.dtype, at, combine(before, x), count);
  }

  private first(a: Accumulation, at: number): Value {
    const address = this.pointers.at(a.pointer as Pointer, this.last, at);
    return loadVector(this.e.lanes, a.dtype, address, 'first');
  }

  private identityOf({ dtype, lowering }: Accumulation): Value {
    return this.e.lanes.constant(dtype, lowering.identity(dtype));
  }
}
