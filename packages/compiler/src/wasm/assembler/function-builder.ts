/**
 * Builds one function from single-assignment values. Operands are trees of values, so code that emits formulas reads
 * like the formulas; which values get a local is decided when the function is finished (see `stackify`).
 */
import { instructions, type InstructionName } from './instructions';
import type { Entry, Instr, Value, Variable } from './instr-tree';
import type { Signature, ValType } from './types';

export interface Callee {
  readonly index: number;
  readonly name: string;
  readonly signature: Signature;
  /** No effect and reads only constant memory: may be moved. */
  readonly pure: boolean;
}

/** A branch target. */
export interface Label {
  readonly depth: number;
}

export class FunctionBuilder {
  readonly entries: Entry[] = [];
  readonly params: readonly Value[];
  /** Instructions emitted so far, a measure of the function's size. */
  size = 0;
  private target: Entry[] = this.entries;
  private depth = 0;
  private loopPreheader: { body: Entry[]; cache: Map<string, Value> } | null = null;
  private readonly constants = new Map<number, Value>();

  constructor(
    readonly name: string,
    readonly signature: Signature,
  ) {
    this.params = signature.params.map((type, index) => this.value(type, { kind: 'param', index }));
  }

  private value(type: ValType, def: Instr): Value {
    return { type, def, uses: 0, local: -1 };
  }

  private push(instr: Instr, type: ValType | null): Value {
    const result = type === null ? null : this.value(type, instr);
    this.size++;
    this.target.push({ instr, result });
    return result as Value;
  }

  private use<T extends readonly Value[]>(args: T): T {
    for (const a of args) a.uses++;
    return args;
  }

  /** An instruction without immediate. */
  op(name: InstructionName, ...args: Value[]): Value {
    return this.emit(name, args, 0, 0, null, null);
  }

  lane(name: InstructionName, lane: number, ...args: Value[]): Value {
    return this.emit(name, args, 0, lane, null, null);
  }

  /** Bytes 0–15 are those of `a`, 16–31 those of `b`. */
  shuffle(a: Value, b: Value, bytes: readonly number[]): Value {
    return this.emit('i8x16.shuffle', [a, b], 0, 0, bytes, null);
  }

  load(name: InstructionName, pointer: Value, offset = 0): Value {
    return this.emit(name, [pointer], offset, 0, null, null);
  }

  loadLane(name: InstructionName, lane: number, pointer: Value, offset: number, into: Value): Value {
    return this.emit(name, [pointer, into], offset, lane, null, null);
  }

  store(
    name: InstructionName,
    pointer: Value,
    value: Value,
    offset = 0,
    options: { lane?: number; keep?: { needed: boolean } } = {},
  ): void {
    this.emit(name, [pointer, value], offset, options.lane ?? 0, null, options.keep ?? null);
  }

  private emit(
    name: InstructionName,
    args: Value[],
    offset: number,
    lane: number,
    bytes: readonly number[] | null,
    keep: { needed: boolean } | null,
  ): Value {
    const op = instructions[name];
    if (args.length !== op.operands.length)
      throw new Error(`internal: ${name} takes ${op.operands.length} operands`);
    for (let i = 0; i < args.length; i++) {
      if (args[i].type !== op.operands[i]) {
        throw new Error(`internal: operand ${i} of ${name} is ${args[i].type}, not ${op.operands[i]}`);
      }
    }
    return this.push({ kind: 'op', op, args: this.use(args), offset, lane, bytes, keep }, op.result);
  }

  /** A global, which holds a double, as it is at this moment. */
  globalGet(index: number): Value {
    // By way of a variable: a pure value could be read later than here.
    return this.get(this.variable(this.emit('global.get', [], index, 0, null, null)));
  }

  globalSet(index: number, value: Value): void {
    this.emit('global.set', [value], index, 0, null, null);
  }

  /** Copies a constant number of bytes; few of them without a call. */
  copyMemory(to: Value, from: Value, bytes: number): void {
    if (bytes > 128) {
      this.op('memory.copy', to, from, this.i32(bytes));
      return;
    }
    const pieces = [
      [16, 'v128.load', 'v128.store'],
      [8, 'i64.load', 'i64.store'],
      [4, 'i32.load', 'i32.store'],
      [1, 'i32.load8_u', 'i32.store8'],
    ] as const;
    let at = 0;
    for (const [size, load, store] of pieces) {
      for (; at + size <= bytes; at += size) this.store(store, to, this.load(load, from, at), at);
    }
  }

  /** A constant, written again at every use. */
  i32(value: number): Value {
    let known = this.constants.get(value);
    if (known === undefined) {
      known = this.value('i32', { kind: 'const', type: 'i32', value });
      this.constants.set(value, known);
    }
    return known;
  }

  i64(value: bigint): Value {
    return this.value('i64', { kind: 'const', type: 'i64', value });
  }

  f64(value: number): Value {
    return this.value('f64', { kind: 'const', type: 'f64', value });
  }

  variable(initial: Value): Variable {
    const variable: Variable = { type: initial.type, local: -1 };
    this.set(variable, initial);
    return variable;
  }

  get(variable: Variable): Value {
    return this.push({ kind: 'get', variable }, variable.type);
  }

  set(variable: Variable, value: Value): void {
    this.push({ kind: 'set', variable, args: this.use([value] as const) }, null);
  }

  call(callee: Callee, ...args: Value[]): Value {
    const { index, name, signature, pure } = callee;
    return this.push({ kind: 'call', callee: { index, name }, args: this.use(args), pure }, signature.result);
  }

  drop(value: Value): void {
    this.push({ kind: 'drop', args: this.use([value] as const) }, null);
  }

  return(...values: Value[]): void {
    this.push({ kind: 'return', args: this.use(values) }, null);
  }

  block(body: (exit: Label) => void): void {
    this.push({ kind: 'block' }, null);
    this.nested(body);
  }

  /** Branching to the label repeats the body. */
  loop(body: (again: Label) => void): void {
    const outermost = this.loopPreheader === null;
    if (outermost) {
      const preheader: Entry[] = [];
      this.push({ kind: 'preheader', body: preheader }, null);
      this.loopPreheader = { body: preheader, cache: new Map() };
    }
    this.push({ kind: 'loop' }, null);
    this.nested(body);
    if (outermost) this.loopPreheader = null;
  }

  if(condition: Value, then: () => void, otherwise?: () => void): void {
    this.push({ kind: 'if', args: this.use([condition] as const) }, null);
    this.depth++;
    then();
    if (otherwise !== undefined) {
      this.push({ kind: 'else' }, null);
      otherwise();
    }
    this.depth--;
    this.push({ kind: 'end' }, null);
  }

  private nested(body: (label: Label) => void): void {
    this.depth++;
    body({ depth: this.depth });
    this.depth--;
    this.push({ kind: 'end' }, null);
  }

  branch(label: Label): void {
    this.push({ kind: 'br', depth: this.depth - label.depth }, null);
  }

  branchIf(label: Label, condition: Value): void {
    this.push({ kind: 'br_if', depth: this.depth - label.depth, args: this.use([condition] as const) }, null);
  }

  get inLoop(): boolean {
    return this.loopPreheader !== null;
  }

  /** A value that does not change in the surrounding loops: made once before the outermost one. */
  invariant(key: string, make: () => Value): Value {
    const preheader = this.loopPreheader;
    if (preheader === null) return make();
    const known = preheader.cache.get(key);
    if (known !== undefined) return known;
    const target = this.target;
    this.target = preheader.body;
    const made = make();
    this.target = target;
    preheader.cache.set(key, made);
    return made;
  }
}
