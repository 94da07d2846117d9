/** The state of code generation: the function being written, where values are, which of them are in registers. */
import type { ValueId, ValueType } from '../../graph/graph';
import type { Callee, FunctionBuilder, ModuleBuilder, Value } from '../assembler';
import type { ConstantMemory, MathEnvironment } from '../math';
import { Lanes, type Precision } from './lanes';
import type { Address } from './memory-lanes';
import type { MemoryPlan } from './memory-plan';
import type { GraphPlan, Plan } from './plan';

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

export class Emitter {
  f!: FunctionBuilder;
  lanes!: Lanes;
  readonly parts: Callee[] = [];
  /** Values of few elements, in vectors, while the function that made them is open. */
  readonly registers = new Map<ValueId, Value[]>();
  /** Vectors read in other patterns. */
  readonly patterns = new Map<string, Value>();
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
    this.registers.clear();
    this.patterns.clear();
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
    const { space, address } = this.placeOf(value);
    const offset = address + element * this.bytesOf(value);
    return { pointer: space === 'constant' ? this.f.i32(0) : this.base, offset };
  }
}
