/** What a lowering with loops of its own sees: operands and results in memory, and helpers for loops. */
import { sizeOf, type Attrs } from '@pyro-ts/ops';
import type { ValueDType, ValueType } from '../../graph/graph';
import type { FunctionBuilder, Value } from '../assembler';
import type { Emitter } from './emitter';
import { emitFallback } from './emit-fallback';
import type { Lanes } from './lanes';
import { storeLanes, type Address } from './memory-lanes';
import type { PlanNode } from './plan';
import type { View } from './view';

export class KernelContext {
  constructor(
    readonly e: Emitter,
    readonly node: PlanNode,
  ) {}

  get f(): FunctionBuilder {
    return this.e.f;
  }
  get lanes(): Lanes {
    return this.e.lanes;
  }
  get attrs(): Attrs {
    return this.node.attrs;
  }

  view(i: number): View {
    return this.node.operands[i];
  }
  inputType(i: number): ValueType {
    const { root, shape } = this.node.operands[i];
    return { shape, dtype: this.e.typeOf(root).dtype };
  }
  outputType(k = 0): ValueType {
    return this.e.typeOf(this.node.outputs[k]);
  }
  bytes(dtype: ValueDType): number {
    return this.lanes.bytesOf(dtype);
  }

  /** Where element `element` of operand i lies (counted in its root's elements from the view's first). */
  input(i: number, element = 0): Address {
    const { root, offset } = this.node.operands[i];
    return this.e.addressOf(root, offset + element);
  }
  output(k = 0, element = 0): Address {
    const value = this.node.outputs[k];
    this.e.keepOf(value).needed = true;
    return this.e.target(value, element);
  }
  /** The operand was computed in its place in the output. */
  inPlace(i: number): boolean {
    return this.e.memoryPlan.inPlace.has(`${this.node.outputs[0]}:${i}`);
  }
  /** Values of a constant operand. */
  constant(i: number): ArrayLike<number> | undefined {
    return this.e.plan.constants.get(this.node.operands[i].root);
  }

  /** Sets every element of an output. */
  fill(value: number, k = 0): void {
    const { shape, dtype } = this.outputType(k);
    const n = sizeOf(shape);
    const { lanes: l } = this;
    const bytes = this.bytes(dtype);
    const target = this.output(k);
    const vector = l.constant(dtype, value);
    const vectors = Math.floor(n / l.width);
    this.range(vectors, 1, (i) => {
      storeLanes(l, dtype, this.moved(target, this.scaled(i(), l.width * bytes)), vector, l.width);
    });
    const rest = n % l.width;
    if (rest > 0) storeLanes(l, dtype, this.output(k, vectors * l.width), vector, rest);
  }

  /** Computes this node in JavaScript, which throws the kernel's own error. */
  reportError(): void {
    emitFallback(this.e, this.node, true);
  }

  /** An address whose pointer also moves. */
  moved({ pointer, offset }: Address, bytes: Value): Address {
    return { pointer: this.plus(pointer, bytes), offset };
  }

  /** Runs the body for 0, step, 2·step … below a constant end; the body gets a getter of the counter. */
  range(end: number, step: number, body: (index: () => Value) => void): void {
    const { f } = this;
    if (end <= 0) return;
    if (end <= step) return body(() => f.i32(0));
    const counter = f.variable(f.i32(0));
    f.loop((again) => {
      body(() => f.get(counter));
      f.set(counter, f.op('i32.add', f.get(counter), f.i32(step)));
      f.branchIf(again, f.op('i32.lt_s', f.get(counter), f.i32(end)));
    });
  }

  /** a + b, where a zero costs nothing. */
  plus(a: Value, b: Value): Value {
    if (a.def.kind === 'const' && a.def.value === 0) return b;
    if (b.def.kind === 'const' && b.def.value === 0) return a;
    return this.f.op('i32.add', a, b);
  }

  /** index · factor, as cheaply as it goes. */
  scaled(index: Value, factor: number): Value {
    const { f } = this;
    if (factor === 1) return index;
    if (index.def.kind === 'const') return f.i32((index.def.value as number) * factor);
    const log2 = Math.log2(factor);
    if (factor > 0 && Number.isInteger(log2)) return f.op('i32.shl', index, f.i32(log2));
    return f.op('i32.mul', index, f.i32(factor));
  }
}
