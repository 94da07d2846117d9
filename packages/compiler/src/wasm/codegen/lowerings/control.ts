/** Scan, Cond and While: the bodies are functions of the same module, with work space inside this program's. */
import { sizeOf } from '@pyro-ts/ops';
import type { Value } from '../../assembler';
import type { EmittedGraph } from '../emitter';
import type { KernelContext } from '../kernel-context';
import type { Control } from '../lowering';
import type { GraphPlan } from '../plan';
import type { Address } from '../memory-lanes';

/** A body in place: its function, and where its work space begins. */
interface Body {
  readonly graph: EmittedGraph;
  readonly start: Value;
}

/** Emits a body; its work space is a scratch output of the node. */
function bodyOf(c: KernelContext, plan: GraphPlan, scratch: number): Body {
  const emitted = c.e.context.emitBody(plan);
  const { pointer, offset } = c.output(scratch);
  return { graph: emitted, start: c.f.op('i32.add', pointer, c.f.i32(offset)) };
}

const absolute = (c: KernelContext, { pointer, offset }: Address): Value =>
  c.f.op('i32.add', pointer, c.f.i32(offset));

const inputBytes = (c: KernelContext, { type }: EmittedGraph['inputs'][number]): number =>
  sizeOf(type.shape) * c.bytes(type.dtype);

/** Copies a value into input i of a body. */
function give(c: KernelContext, { graph, start }: Body, i: number, from: Value): void {
  const slot = graph.inputs[i];
  const to = c.f.op('i32.add', start, c.f.i32(slot.offset));
  c.f.copyMemory(to, from, inputBytes(c, slot));
}

/** Copies output i of a body somewhere. */
function take(c: KernelContext, { graph, start }: Body, i: number, to: Value): void {
  const slot = graph.outputs[i];
  const from = c.f.op('i32.add', start, c.f.i32(slot.offset));
  c.f.copyMemory(to, from, inputBytes(c, slot));
}

const run = (c: KernelContext, { graph, start }: Body): void => void c.f.call(graph.call, start);

const workOf = (...plans: readonly GraphPlan[]): number =>
  Math.max(...plans.map((p) => p.memory.byteLength), 16);

const scan: Control = {
  kind: 'control',
  scratch: ({ body }) => [workOf(body)],
  emit: (c, { body: plan }) => {
    const { f } = c;
    const { length, numCarries, numXs, reverse } = c.attrs as Readonly<Record<string, number>>;
    const outputs = plan.plan.outputs.length;
    const body = bodyOf(c, plan, outputs);
    const operands = c.node.operands.length;
    for (let i = 0; i < operands; i++) {
      if (i < numCarries || i >= numCarries + numXs) give(c, body, i, absolute(c, c.input(i)));
    }
    const step = f.variable(f.i32(0));
    const index = (): Value => (reverse ? f.op('i32.sub', f.i32(length - 1), f.get(step)) : f.get(step));
    c.range(length, 1, () => {
      for (let x = numCarries; x < numCarries + numXs; x++) {
        const bytes = inputBytes(c, body.graph.inputs[x]);
        give(c, body, x, f.op('i32.add', absolute(c, c.input(x)), c.scaled(index(), bytes)));
      }
      run(c, body);
      for (let k = 0; k < numCarries; k++) {
        take(c, body, k, f.op('i32.add', body.start, f.i32(body.graph.inputs[k].offset)));
      }
      for (let y = numCarries; y < outputs; y++) {
        const bytes = inputBytes(c, body.graph.outputs[y]);
        take(c, body, y, f.op('i32.add', absolute(c, c.output(y)), c.scaled(index(), bytes)));
      }
      f.set(step, f.op('i32.add', f.get(step), f.i32(1)));
    });
    for (let k = 0; k < numCarries; k++) {
      const from = f.op('i32.add', body.start, f.i32(body.graph.inputs[k].offset));
      f.copyMemory(absolute(c, c.output(k)), from, inputBytes(c, body.graph.inputs[k]));
    }
  },
};

const cond: Control = {
  kind: 'control',
  scratch: ({ then, else: otherwise }) => [workOf(then, otherwise)],
  emit: (c, { then, else: otherwise }) => {
    const { f } = c;
    const { pointer, offset } = c.input(0);
    const arm = (plan: GraphPlan) => (): void => {
      const body = bodyOf(c, plan, plan.plan.outputs.length);
      for (let i = 1; i < c.node.operands.length; i++) give(c, body, i - 1, absolute(c, c.input(i)));
      run(c, body);
      plan.plan.outputs.forEach((_, k) => take(c, body, k, absolute(c, c.output(k))));
    };
    f.if(f.load('i32.load8_u', pointer, offset), arm(then), arm(otherwise));
  },
};

const loop: Control = {
  kind: 'control',
  scratch: ({ test, body }) => [workOf(test), workOf(body)],
  emit: (c, { test, body: plan }) => {
    const { f } = c;
    const carries = plan.plan.outputs.length;
    const testing = bodyOf(c, test, carries);
    const body = bodyOf(c, plan, carries + 1);
    c.node.operands.forEach((_, i) => {
      give(c, body, i, absolute(c, c.input(i)));
      if (i >= carries) give(c, testing, i, absolute(c, c.input(i)));
    });
    const carry = (k: number): Value => f.op('i32.add', body.start, f.i32(body.graph.inputs[k].offset));
    f.block((exit) => {
      f.loop((again) => {
        for (let k = 0; k < carries; k++) give(c, testing, k, carry(k));
        run(c, testing);
        const holds = f.load('i32.load8_u', testing.start, testing.graph.outputs[0].offset);
        f.branchIf(exit, f.op('i32.eqz', holds));
        run(c, body);
        for (let k = 0; k < carries; k++) take(c, body, k, carry(k));
        f.branch(again);
      });
    });
    for (let k = 0; k < carries; k++) {
      f.copyMemory(absolute(c, c.output(k)), carry(k), inputBytes(c, body.graph.inputs[k]));
    }
  },
};

export const control = { Scan: scan, Cond: cond, While: loop };
