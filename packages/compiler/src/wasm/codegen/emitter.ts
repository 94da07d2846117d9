/** The state of code generation: the function being written, where values are, which of them are in registers. */
import type { ValueDType, ValueId, ValueType } from '../../graph/graph';
import type { Callee, FunctionBuilder, ModuleBuilder, Value } from '../assembler';
import type { ConstantMemory, MathEnvironment } from '../math';
import { Lanes, type Precision } from './lanes';
import type { Address } from './memory-lanes';
import type { MemoryPlan } from './memory-plan';
import type { GraphPlan, Plan } from './plan';
import type { View } from './view';

/** A function is ended after this many instructions: compile time and register pressure grow faster than its size. */
const functionSize = 4000;

export interface FallbackCall {
  readonly kernel: string;
  readonly attrs: unknown;
  readonly inputs: readonly StoredValue[];
  readonly outputs: readonly StoredValue[];
  /** Only runs to report bad input. */
  readonly onlyErrors: boolean;
}

/** A whole value in memory, for JavaScript. Constants have absolute addresses, others count from the work space. */
export interface StoredValue {
  readonly space: 'constant' | 'work';
  readonly address: number;
  readonly type: ValueType;
}

/** What all functions of one module share. */
export interface ModuleContext {
  readonly module: ModuleBuilder;
  readonly memory: ConstantMemory;
  readonly math: MathEnvironment;
  readonly precision: Precision;
  readonly fallback: Callee;
  readonly fallbacks: FallbackCall[];
  nextName(prefix: string): string;
  /** Adds the functions of a body; once for each plan. */
  emitBody(plan: GraphPlan): EmittedGraph;
}

/** Where a value lies in a work space. */
export interface Slot {
  readonly offset: number;
  readonly type: ValueType;
}

/** A graph whose code is in the module. */
export interface EmittedGraph {
  readonly call: Callee;
  readonly inputs: readonly Slot[];
  readonly outputs: readonly Slot[];
}

/** Reads vectors of what the body of a rolled loop does not make; undefined for what lies where `moving` says. */
export interface OperandReader {
  read(view: View, offsets: readonly number[]): Value | undefined;
}

/** What is in registers, and how the rest is read. */
type Known = Pick<Emitter, 'registers' | 'patterns' | 'reader'>;

export class Emitter {
  f!: FunctionBuilder;
  lanes!: Lanes;
  readonly parts: Callee[] = [];
  /** Values of few elements, in vectors, while the function that made them is open. */
  registers = new Map<ValueId, Value[]>();
  /** Vectors read in other patterns. */
  patterns = new Map<string, Value>();
  /** Of values that lie somewhere else in every turn of a rolled loop: where, in this turn. */
  readonly moving = new Map<ValueId, Address>();
  /** While a rolled loop is written: reads what its body does not make. */
  reader: OperandReader | null = null;
  private readonly keeps = new Map<ValueId, { needed: boolean }>();

  constructor(
    readonly context: ModuleContext,
    readonly plan: Plan,
    readonly memoryPlan: MemoryPlan,
    private readonly name: string,
  ) {
    for (const output of plan.outputs) this.keepOf(output).needed = true;
    this.openFunction();
  }

  private openFunction(): void {
    const name = this.context.nextName(this.name);
    const { builder, callee } = this.context.module.function(name, { params: ['i32'], result: null });
    this.parts.push(callee);
    this.f = builder;
    this.lanes = new Lanes(builder, this.context.math, this.context.precision);
    this.registers = new Map();
    this.patterns = new Map();
  }

  /** From here on, what was in registers is outside of a loop: only the reader knows how to get at it. */
  enterLoop(reader: OperandReader): Known {
    const { registers, patterns } = this;
    const outside = { registers, patterns, reader: this.reader };
    this.asKnown({ registers: new Map(), patterns: new Map(), reader });
    return outside;
  }

  leaveLoop(outside: Known): void {
    this.asKnown(outside);
    this.moving.clear();
  }

  /** Runs with what was known outside of the loop. */
  asOutside<T>(outside: Known, body: () => T): T {
    const { registers, patterns, reader } = this;
    this.asKnown(outside);
    const result = body();
    this.asKnown({ registers, patterns, reader });
    return result;
  }

  private asKnown({ registers, patterns, reader }: Known): void {
    this.registers = registers;
    this.patterns = patterns;
    this.reader = reader;
  }

  /** Between units. */
  splitIfLarge(): void {
    if (this.f.size > functionSize) this.openFunction();
  }

  get base(): Value {
    return this.f.params[0];
  }

  typeOf(value: ValueId): ValueType {
    return this.plan.values[value];
  }

  bytesOf(value: ValueId): number {
    return this.lanes.bytesOf(this.typeOf(value).dtype);
  }

  /** The switch of the stores of a value: on as soon as something reads it from memory. */
  keepOf(value: ValueId): { needed: boolean } {
    const host = this.memoryPlan.hosts.get(value) ?? value;
    let keep = this.keeps.get(host);
    if (keep === undefined) this.keeps.set(host, (keep = { needed: false }));
    return keep;
  }

  /** Whether a value has a place in memory. */
  isStored(value: ValueId): boolean {
    return this.memoryPlan.offsets.has(value);
  }

  /** Numbers side by side in the constant memory; their address. */
  placeNumbers(numbers: readonly number[], dtype: ValueDType): number {
    const { precision, memory } = this.context;
    const floats = precision === 'float64' ? Float64Array : Float32Array;
    const make = dtype === 'float' ? floats : dtype === 'int' ? Int32Array : Uint8Array;
    return memory.place(this.context.nextName('numbers'), () => make.from(numbers));
  }

  placeOf(value: ValueId): StoredValue {
    const type = this.typeOf(value);
    const data = this.plan.constants.get(value);
    if (data !== undefined) {
      const { precision, memory } = this.context;
      const converted =
        type.dtype === 'float' ? (precision === 'float64' ? Float64Array : Float32Array).from(data) : data;
      return { space: 'constant', address: memory.place(`${this.name}:${value}`, () => converted), type };
    }
    const address = this.memoryPlan.offsets.get(value);
    if (address === undefined) throw new Error(`internal: %${value} is not stored`);
    return { space: 'work', address, type };
  }

  /** Where element `element` of a value lies; the value's stores become needed. */
  addressOf(value: ValueId, element = 0): Address {
    this.keepOf(value).needed = true;
    return this.target(value, element);
  }

  /** The same for writing. */
  target(value: ValueId, element = 0): Address {
    const moving = this.moving.get(value);
    if (moving !== undefined)
      return { pointer: moving.pointer, offset: moving.offset + element * this.bytesOf(value) };
    const { space, address } = this.placeOf(value);
    const offset = address + element * this.bytesOf(value);
    return { pointer: space === 'constant' ? this.f.i32(0) : this.base, offset };
  }
}
