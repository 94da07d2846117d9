/** Graph → module: plan, schedule, memory, then code unit by unit. */
import type { Graph, ValueType } from '../../graph/graph';
import { ModuleBuilder, type Callee } from '../assembler';
import { ConstantMemory, ModuleMath } from '../math';
import { Emitter, type EmittedGraph, type FallbackCall, type ModuleContext, type Slot } from './emitter';
import { emitFallback } from './emit-fallback';
import { emitLoop } from './emit-loop';
import { emitTiny } from './emit-tiny';
import { emitRolled } from './rolling/emit-rolled';
import { rollLoops } from './rolling/roll';
import { KernelContext } from './kernel-context';
import type { Precision } from './lanes';
import { planMemory } from './memory-plan';
import { splitColumns } from './columns';
import type { GraphPlan } from './plan';
import { prepare } from './prepare';
import { emitBlocked, mergeRowBlocks } from './row-blocks';
import { schedule, type Unit } from './schedule';

export interface WasmOptions {
  readonly precision: Precision;
  readonly relaxed: boolean;
  /** For tests and measurements: every node alone in its loop. */
  readonly fuse?: boolean;
}

/** A compiled graph as plain data: everything that a program needs, and nothing that cannot be written to a file. */
export interface CompiledGraph {
  readonly precision: Precision;
  readonly code: Uint8Array<ArrayBuffer>;
  /** Image of the constant part of memory, from address 0. */
  readonly constants: Uint8Array<ArrayBuffer>;
  readonly workBytes: number;
  /** Offsets in the work space. */
  readonly inputs: readonly Slot[];
  readonly outputs: readonly Slot[];
  readonly fallbacks: readonly FallbackCall[];
  /** Kernels that are computed in JavaScript one element at a time, within loops. */
  readonly scalarKernels: readonly string[];
}

/** Largest values (in elements) that are kept in registers, per lane of a vector. */
const tinyVectors = 8;

function emitUnit(e: Emitter, unit: Unit): void {
  if (unit.rolled !== undefined) return emitRolled(e, unit.rolled);
  if (unit.kind === 'loop') return emitLoop(e, unit.nodes);
  if (unit.blocks !== undefined) return emitBlocked(e, unit.blocks);
  const [node] = unit.nodes;
  if (unit.kind === 'tiny') return emitTiny(e, node);
  const { lowering } = node;
  if (lowering.kind === 'loops') lowering.emit(new KernelContext(e, node));
  else if (lowering.kind === 'control') lowering.emit(new KernelContext(e, node), node.bodies);
  else emitFallback(e, node);
}

/** Decides order and places, for a graph and the bodies in it. */
function planGraph(graph: Graph, precision: Precision, fuse: boolean): GraphPlan {
  const width = precision === 'float64' ? 2 : 4;
  const tinySize = tinyVectors * width;
  const prepared = prepare(graph, (body) => planGraph(body, precision, fuse));
  const split = fuse ? splitColumns(prepared, tinySize) : prepared;
  const scheduled = schedule(split, tinySize, fuse);
  const merged = fuse ? mergeRowBlocks(split, scheduled, width) : { plan: split, units: scheduled };
  const { plan, units } = fuse ? rollLoops(merged.plan, merged.units) : merged;
  const bytesOf = (dtype: ValueType['dtype']): number =>
    dtype === 'float' ? 16 / width : dtype === 'int' ? 4 : 1;
  return { plan, units, memory: planMemory(plan, units, bytesOf) };
}

/** Adds a graph's functions to a module. */
function emitGraph(context: ModuleContext, { plan, units, memory }: GraphPlan, prefix: string): EmittedGraph {
  const name = context.nextName(prefix);
  const e = new Emitter(context, plan, memory, name);
  for (const unit of units) {
    e.splitIfLarge();
    emitUnit(e, unit);
  }
  const slot = (value: number): Slot => ({
    offset: memory.offsets.get(value) as number,
    type: plan.values[value],
  });
  return {
    call: callAll(context, e.parts, name),
    inputs: plan.inputs.map(slot),
    outputs: plan.outputs.map(slot),
  };
}

/** One function that calls the parts in order; the part itself if there is only one. */
function callAll(context: ModuleContext, parts: readonly Callee[], name: string): Callee {
  if (parts.length === 1) return parts[0];
  const { builder, callee } = context.module.function(context.nextName(`${name}_all`), {
    params: ['i32'],
    result: null,
  });
  for (const part of parts) builder.call(part, builder.params[0]);
  return callee;
}

interface Built {
  readonly module: ModuleBuilder;
  readonly compiled: () => CompiledGraph;
}

function build(graph: Graph, options: WasmOptions): Built {
  const module = new ModuleBuilder();
  const memory = new ConstantMemory();
  const fallback = module.importFunction('env', 'fallback', { params: ['i32', 'i32'], result: null });
  const math = new ModuleMath(module, memory, options.relaxed);
  const fallbacks: FallbackCall[] = [];
  let names = 0;
  const bodies = new Map<GraphPlan, EmittedGraph>();
  const context: ModuleContext = {
    module,
    memory,
    math,
    precision: options.precision,
    fallback,
    fallbacks,
    nextName: (prefix) => `${prefix}${names++}`,
    emitBody: (body) => {
      const known = bodies.get(body) ?? emitGraph(context, body, 'body');
      bodies.set(body, known);
      return known;
    },
  };
  const main = planGraph(graph, options.precision, options.fuse ?? true);
  const emitted = emitGraph(context, main, 'main');
  module.export('run', emitted.call);
  return {
    module,
    compiled: () => {
      const pages = Math.ceil((memory.byteLength + main.memory.byteLength) / 65536);
      return {
        precision: options.precision,
        code: module.toBytes({ module: 'env', name: 'memory', initialPages: pages }),
        constants: memory.image(),
        workBytes: main.memory.byteLength,
        inputs: emitted.inputs,
        outputs: emitted.outputs,
        fallbacks,
        scalarKernels: math.scalarKernels,
      };
    },
  };
}

export function compileGraph(graph: Graph, options: WasmOptions): CompiledGraph {
  return build(graph, options).compiled();
}

/** The functions of the module as text, for people and for tests. */
export function compileToText(graph: Graph, options: WasmOptions): string {
  return build(graph, options).module.toText();
}
