/** A compiled graph, ready to run: its module instantiated on a memory of its own. */
import { findKernel, sizeOf, type Attrs, type NdArray, type NumericArray } from '@pyro-ts/ops';
import type { InPlaceProgram, Program } from '../executor';
import type { ValueDType } from '../graph/graph';
import type { CompiledGraph } from './codegen/compile-graph';
import type { Slot, StoredValue } from './codegen/emitter';
import { scalarMath } from './math';
import { labels } from '../graph/labels';

const pageBytes = 65536;

/** What a program that was disposed of runs. */
const released = {
  run: (): never => {
    throw new Error('this program was disposed of.\n  Fix: compile it again.');
  },
};

/** Where a program lies. */
export interface ProgramSite {
  readonly memory: WebAssembly.Memory;
  /** An exported function: a module that imports it calls it without JavaScript between. */
  readonly run: (base: number) => void;
  readonly base: number;
  /** Addresses. */
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
}

export class WasmProgram implements InPlaceProgram {
  private memory: WebAssembly.Memory | undefined;
  private buffer: ArrayBuffer;
  /** First byte of the memory that nobody uses. */
  private end: number;
  private readonly base: number;
  private exportsOf: { readonly run: (base: number) => void };
  private inputs: readonly NumericArray[];
  private outputs: readonly NumericArray[];

  /**
   * @param compiled plain data: kept for whoever wants to write the program to bytes, or to run it in a worker
   * @param module its code, compiled by the engine; threads that are given it share the machine code
   */
  constructor(
    readonly compiled: CompiledGraph,
    readonly module: WebAssembly.Module = new WebAssembly.Module(compiled.code),
  ) {
    const { constants, workBytes } = compiled;
    const pages = Math.ceil((constants.byteLength + workBytes) / pageBytes);
    const memory = new WebAssembly.Memory({ initial: pages });
    this.memory = memory;
    this.buffer = memory.buffer;
    this.end = constants.byteLength + workBytes;
    this.base = constants.byteLength;
    new Uint8Array(this.buffer).set(constants);
    const fallback = (index: number, base: number): void => this.fallback(index, base);
    const instance = new WebAssembly.Instance(module, {
      env: { memory, fallback, scalarMath: scalarMath(compiled.scalarKernels) },
    });
    this.exportsOf = instance.exports as unknown as { run: (base: number) => void };
    this.inputs = compiled.inputs.map((slot) => this.viewOf(slot));
    this.outputs = compiled.outputs.map((slot) => this.viewOf(slot));
  }

  /** Kernels that run in JavaScript instead of WebAssembly, one entry a node. */
  get fallbackKernels(): readonly string[] {
    return this.compiled.fallbacks.filter(({ onlyErrors }) => !onlyErrors).map(({ kernel }) => kernel);
  }

  private viewOf({ offset, type }: Slot): NumericArray {
    return this.arrayAt(this.base + offset, type.dtype, sizeOf(type.shape));
  }

  private arrayAt(address: number, dtype: ValueDType, size: number): NumericArray {
    const { buffer } = this;
    if (dtype === 'int') return new Int32Array(buffer, address, size);
    if (dtype === 'bool') return new Uint8Array(buffer, address, size);
    const single = this.compiled.precision === 'float32';
    return single ? new Float32Array(buffer, address, size) : new Float64Array(buffer, address, size);
  }

  /** What a module beside this one, in the same memory, needs: it calls `run(base)` on the slots at these addresses. */
  get site(): ProgramSite {
    if (this.memory === undefined) released.run();
    const address = ({ offset }: Slot): number => this.base + offset;
    return {
      memory: this.memory as WebAssembly.Memory,
      run: this.exportsOf.run,
      base: this.base,
      inputs: this.compiled.inputs.map(address),
      outputs: this.compiled.outputs.map(address),
    };
  }

  /**
   * Sets a part of the memory apart; its content is 0. The memory may have to grow: views handed out before are then
   * detached (their length is 0), and have to be asked for again.
   * @returns its address, a multiple of 16
   */
  reserve(bytes: number): number {
    const { memory } = this;
    if (memory === undefined) return released.run();
    const address = Math.ceil(this.end / 16) * 16;
    this.end = address + bytes;
    const missing = Math.ceil(this.end / pageBytes) - memory.buffer.byteLength / pageBytes;
    if (missing > 0) {
      memory.grow(missing);
      this.buffer = memory.buffer;
      this.inputs = this.compiled.inputs.map((slot) => this.viewOf(slot));
      this.outputs = this.compiled.outputs.map((slot) => this.viewOf(slot));
    }
    return address;
  }

  /** Input i as the program sees it: write here, then `call`. Valid until `reserve` or `dispose`. */
  inputView(i: number): NumericArray {
    return this.inputs[i];
  }

  /** Output i as the last `call` left it. */
  outputView(i: number): NumericArray {
    return this.outputs[i];
  }

  /** Runs on what the input views hold; no copies, no allocation. */
  call(): void {
    this.exportsOf.run(this.base);
  }

  run(inputs: readonly NumericArray[]): NumericArray[] {
    if (this.exportsOf === released) released.run();
    if (inputs.length !== this.inputs.length) {
      throw new TypeError(`the program has ${this.inputs.length} inputs, not ${inputs.length}`);
    }
    inputs.forEach((data, i) => {
      const view = this.inputs[i];
      if (data.length !== view.length) {
        throw new RangeError(`input ${i} has ${data.length} elements, not ${view.length}`);
      }
      view.set(data);
    });
    this.call();
    return this.outputs.map((view) =>
      view instanceof Float32Array ? Float64Array.from(view) : view.slice(),
    );
  }

  private fallback(index: number, base: number): void {
    const { kernel, attrs, inputs, outputs } = this.compiled.fallbacks[index];
    const spec = findKernel(kernel);
    if (spec === undefined) throw new Error(`internal: no kernel ${kernel}`);
    const view = ({ space, address, type }: StoredValue): NdArray => {
      const at = space === 'work' ? base + address : address;
      return {
        data: this.arrayAt(at, type.dtype, sizeOf(type.shape)),
        shape: type.shape,
        dtype: labels[type.dtype],
      };
    };
    const targets = outputs.map(view);
    const results = spec.compute(inputs.map(view), attrs as Attrs, targets);
    results.forEach((result, i) => targets[i].data.set(result));
  }

  /** Lets go of the memory (every one, of any size, reserves gigabytes of addresses); views handed out keep it alive. */
  dispose(): void {
    this.exportsOf = released;
    this.inputs = [];
    this.outputs = [];
    this.memory = undefined;
    this.buffer = new ArrayBuffer(0);
  }
}

/** Whether a program is one of this executor, so that its memory can be shared. */
export function isWasmProgram(program: Program): program is WasmProgram {
  return 'reserve' in program && 'site' in program;
}
