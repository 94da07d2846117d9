/** Pointers that walk through memory as the loops of a nest turn; accesses that move alike share one. */
import type { FunctionBuilder, Value, Variable } from '../assembler';
import type { Emitter, StoredValue } from './emitter';
import type { Address } from './memory-lanes';

interface Family {
  readonly id: number;
  /** Byte strides per axis. */
  readonly strides: readonly number[];
  /** Value at the start of the nest. */
  readonly start: Value;
  /** One per axis: where the loop over that axis stands. */
  readonly variables: Variable[];
}

/** An access that moves with its family, at a constant distance. */
export interface Pointer {
  readonly family: Family;
  readonly offset: number;
}

export class Pointers {
  private readonly families = new Map<string, Family>();

  constructor(private readonly e: Emitter) {}

  private get f(): FunctionBuilder {
    return this.e.f;
  }

  /** @param strides in elements of `bytes` bytes */
  add(
    { space, address }: StoredValue,
    elementOffset: number,
    strides: readonly number[],
    bytes: number,
  ): Pointer {
    const moves = strides.map((s) => s * bytes);
    const offset = address + elementOffset * bytes;
    const backwards = moves.some((m) => m < 0);
    // Going down from a constant offset would make the pointer itself negative: start at the place itself.
    const key = `${space}:${moves.join(',')}${backwards ? `@${offset}` : ''}`;
    let family = this.families.get(key);
    if (family === undefined) {
      const origin = space === 'constant' ? this.f.i32(0) : this.e.base;
      const start = backwards ? this.f.op('i32.add', origin, this.f.i32(offset)) : origin;
      family = { id: this.families.size, strides: moves, start, variables: [] };
      this.families.set(key, family);
    }
    return { family, offset: backwards ? 0 : offset };
  }

  /** Before the loop over an axis. */
  enter(axis: number): void {
    for (const family of this.families.values()) {
      const from = axis === 0 ? family.start : this.f.get(family.variables[axis - 1]);
      family.variables[axis] = this.f.variable(from);
    }
  }

  /** Before a loop over axis 0 that begins at a later turn. */
  enterAt(turn: Value): void {
    for (const { start, strides, variables } of this.families.values()) {
      const moved = this.f.op('i32.mul', turn, this.f.i32(strides[0]));
      variables[0] = this.f.variable(strides[0] === 0 ? start : this.f.op('i32.add', start, moved));
    }
  }

  /** At the end of a turn of the loop over an axis, `steps` elements further. */
  advance(axis: number, steps = 1): void {
    for (const { strides, variables } of this.families.values()) {
      if (strides[axis] === 0) continue;
      const moved = this.f.op('i32.add', this.f.get(variables[axis]), this.f.i32(strides[axis] * steps));
      this.f.set(variables[axis], moved);
    }
  }

  /** Where an access is now, `steps` elements further along an axis that is being walked. */
  at({ family, offset }: Pointer, axis: number, steps = 0): Address {
    const move = steps * family.strides[axis];
    const pointer = this.f.get(family.variables[axis]);
    if (move < 0) return { pointer: this.f.op('i32.add', pointer, this.f.i32(move)), offset };
    return { pointer, offset: offset + move };
  }

  /** The same for equal addresses, as long as nothing moves. */
  keyAt({ family, offset }: Pointer, axis: number, steps: number): string {
    return `${family.id}@${offset + steps * family.strides[axis]}`;
  }

  /** The same before any loop. */
  atStart({ family, offset }: Pointer): Address {
    return { pointer: family.start, offset };
  }

  strideOf({ family }: Pointer, axis: number): number {
    return family.strides[axis];
  }
}
