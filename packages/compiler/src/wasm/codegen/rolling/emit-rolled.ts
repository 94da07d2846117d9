/** A rolled loop as code: the body once, with pointers that move, and what one turn hands the next in registers. */
import type { ValueId } from '../../../graph/graph';
import type { Value, Variable } from '../../assembler';
import { emitTiny, readOffsets } from '../emit-tiny';
import type { Emitter, OperandReader, StoredValue } from '../emitter';
import type { Address } from '../memory-lanes';
import type { View } from '../view';
import { MovingPointers } from './moving-pointers';
import type { Carried, RolledLoop } from './rolled-loop';

/** A vector of a carried value, as it was at the end of the turn before. */
interface Carry {
  readonly variable: Variable;
  readonly from: ValueId;
  readonly offsets: readonly number[];
}

class RolledEmitter implements OperandReader {
  private readonly carries: Carry[] = [];
  private readonly outside: ReturnType<Emitter['enterLoop']>;
  private readonly own: ReadonlySet<ValueId>;

  constructor(
    private readonly e: Emitter,
    private readonly loop: RolledLoop,
  ) {
    this.own = new Set([...loop.moving.keys(), ...loop.results.keys()]);
    this.outside = e.enterLoop(this);
  }

  emit(): void {
    const { e, loop } = this;
    const { f } = e;
    const turns = loop.turns.length;
    const pointers = new MovingPointers(e, turns);
    const addresses = new Map<ValueId, () => Address>();
    for (const [value, views] of loop.moving) addresses.set(value, pointers.add(this.placesOf(views)));
    for (const [value, results] of loop.results) {
      if (!results.some((result) => e.isStored(result))) continue;
      addresses.set(value, pointers.add(results.map((result) => this.placeOf(result))));
      e.keepOf(value).needed = true;
    }
    pointers.start();
    e.lanes.forget();
    const left = f.variable(f.i32(turns));
    f.loop((again) => {
      pointers.read();
      for (const [value, address] of addresses) e.moving.set(value, address());
      for (const node of loop.body) emitTiny(e, node);
      for (const { variable, from, offsets } of this.carries)
        f.set(variable, readOffsets(e, this.viewOf(from), offsets));
      pointers.advance();
      f.set(left, f.op('i32.sub', f.get(left), f.i32(1)));
      f.branchIf(again, f.get(left));
    });
    e.lanes.forget();
    e.leaveLoop(this.outside);
  }

  private viewOf(root: ValueId): View {
    return { root, shape: [], strides: [], offset: 0 };
  }

  private placeOf(value: ValueId): StoredValue {
    this.e.keepOf(value).needed = true;
    return this.e.placeOf(value);
  }

  /** Numbers that differ become an array of them. */
  private placesOf(views: readonly View[]): StoredValue[] {
    const { e } = this;
    const type = e.typeOf(views[0].root);
    if (views[0].literal !== undefined) {
      const numbers = views.map(({ literal }) => literal as number);
      const start = e.placeNumbers(numbers, type.dtype);
      const bytes = e.lanes.bytesOf(type.dtype);
      return numbers.map((_, turn) => ({ space: 'constant', address: start + turn * bytes, type }));
    }
    return views.map(({ root, offset }) => {
      const place = this.placeOf(root);
      return { ...place, address: place.address + offset * e.bytesOf(root) };
    });
  }

  /** What the body reads from outside without a moving pointer: it is read once, before the loop. */
  read(view: View, offsets: readonly number[]): Value | undefined {
    const carried = this.loop.carried.get(view.root);
    if (carried !== undefined) return this.carry(carried, offsets);
    if (this.own.has(view.root)) return undefined;
    return this.before(view, offsets);
  }

  private before(view: View, offsets: readonly number[]): Value {
    const { e } = this;
    return e.f.invariant(`${view.root}:${offsets.join()}`, () =>
      e.asOutside(this.outside, () => readOffsets(e, view, offsets)),
    );
  }

  private carry({ from, first, shift }: Carried, offsets: readonly number[]): Value {
    const { e } = this;
    const { f } = e;
    const at = offsets.map((offset) => offset + shift);
    let variable: Variable | undefined;
    f.invariant(`carry${this.carries.length}`, () => {
      const start = e.asOutside(this.outside, () => readOffsets(e, this.viewOf(first), at));
      variable = f.variable(start);
      return start;
    });
    const made = { variable: variable as unknown as Variable, from, offsets };
    this.carries.push(made);
    return f.get(made.variable);
  }
}

export function emitRolled(e: Emitter, loop: RolledLoop): void {
  new RolledEmitter(e, loop).emit();
}
