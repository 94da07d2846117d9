/**
 * Pointers to places of which each turn of a loop has its own. Those that move evenly and alike share one pointer; the
 * others read their address from a table.
 */
import type { Value, Variable } from '../../assembler';
import type { Emitter, StoredValue } from '../emitter';
import type { Address } from '../memory-lanes';

interface Family {
  readonly space: StoredValue['space'];
  /** Bytes a turn. */
  readonly step: number;
  variable: Variable | null;
  /** As it is in this turn. */
  pointer: Value | null;
}

/** The bytes from each place to the next, if they are always the same. */
function evenStep(places: readonly StoredValue[]): number | undefined {
  const step = places[1].address - places[0].address;
  for (let t = 2; t < places.length; t++)
    if (places[t].address - places[t - 1].address !== step) return undefined;
  return step;
}

export class MovingPointers {
  private readonly families = new Map<string, Family>();
  private readonly columns: (readonly StoredValue[])[] = [];
  private rows: Variable | null = null;
  private row: Value | null = null;

  constructor(
    private readonly e: Emitter,
    private readonly turns: number,
  ) {}

  /**
   * @param places one a turn, all in the same space
   * @returns gives the address of this turn, between `read` and `advance`
   */
  add(places: readonly StoredValue[]): () => Address {
    const [{ space, address: first }] = places;
    const step = evenStep(places);
    if (step === undefined) return this.addColumn(places);
    const key = `${space}:${step}`;
    let family = this.families.get(key);
    if (family === undefined)
      this.families.set(key, (family = { space, step, variable: null, pointer: null }));
    const own = family;
    // Offsets are not negative: a pointer that goes down starts at the top.
    const offset = step < 0 ? first + step * (this.turns - 1) : first;
    return () => ({ pointer: own.pointer as Value, offset });
  }

  private addColumn(places: readonly StoredValue[]): () => Address {
    const { e } = this;
    const column = this.columns.push(places) - 1;
    return () => {
      const { f } = e;
      const address = f.load('i32.load', this.row as Value, 4 * column);
      const pointer = places[0].space === 'constant' ? address : f.op('i32.add', e.base, address);
      return { pointer, offset: 0 };
    };
  }

  private origin(space: StoredValue['space']): Value {
    return space === 'constant' ? this.e.f.i32(0) : this.e.base;
  }

  /** Before the loop. */
  start(): void {
    const { f, context } = this.e;
    for (const family of this.families.values()) {
      if (family.step === 0) continue;
      const origin = this.origin(family.space);
      const top = -family.step * (this.turns - 1);
      family.variable = f.variable(family.step > 0 ? origin : f.op('i32.add', origin, f.i32(top)));
    }
    const width = this.columns.length;
    if (width === 0) return;
    const table = new Int32Array(width * this.turns);
    this.columns.forEach((places, c) => places.forEach(({ address }, t) => (table[t * width + c] = address)));
    this.rows = f.variable(f.i32(context.memory.place(context.nextName('places'), () => table)));
  }

  /** At the beginning of a turn. */
  read(): void {
    const { f } = this.e;
    for (const family of this.families.values())
      family.pointer = family.variable === null ? this.origin(family.space) : f.get(family.variable);
    if (this.rows !== null) this.row = f.get(this.rows);
  }

  /** At its end. */
  advance(): void {
    const { f } = this.e;
    for (const { variable, step } of this.families.values())
      if (variable !== null) f.set(variable, f.op('i32.add', f.get(variable), f.i32(step)));
    if (this.rows !== null)
      f.set(this.rows, f.op('i32.add', f.get(this.rows), f.i32(4 * this.columns.length)));
  }
}
