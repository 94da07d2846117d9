/** What a fused loop reads and writes: collected node by node, moved along the axes of the nest, given pointers. */
import type { ValueId } from '../../graph/graph';
import type { Value } from '../assembler';
import { readOffsets } from './emit-tiny';
import type { Emitter } from './emitter';
import { fillIdentity } from './fill-identity';
import { loadSplat } from './memory-lanes';
import { blockNest, reductionStrides, shapeNest, squeezeStrides, type Nest } from './loop-nest';
import {
  addsInMemory,
  type Accumulation,
  type Blocks,
  type Load,
  type Scatter,
  type Store,
} from './loop-parts';
import type { PlanNode } from './plan';
import { Pointers } from './pointers';
import { broadcastStrides, rowMajor, squeezed } from './view';

export class LoopAccesses {
  private readonly loads = new Map<string, Load>();
  private readonly operandLoads = new Map<PlanNode, readonly (Load | null)[]>();
  readonly stores: Store[] = [];
  readonly accumulations: Accumulation[] = [];
  private readonly scatters: Scatter[] = [];
  readonly accumulationOf = new Map<PlanNode, Accumulation>();
  /** Of nodes that multiply with the reciprocal of their divisor. */
  readonly reciprocals = new Map<PlanNode, Value>();
  readonly nest: Nest;
  readonly pointers: Pointers;

  constructor(
    private readonly e: Emitter,
    nodes: readonly PlanNode[],
    blocks?: Blocks,
  ) {
    const { space } = nodes[0];
    const inside = new Set(nodes.filter((n) => n.lowering.kind === 'elementwise').map((n) => n.outputs[0]));
    for (const node of nodes) this.collect(node, inside);
    const motions = [...this.loads.values(), ...this.stores, ...this.accumulations];
    const nest = shapeNest(squeezed(space), motions);
    this.nest = blocks === undefined ? nest : blockNest(nest, blocks.rows, motions);
    if (blocks !== undefined) this.stay(blocks.local);
    this.pointers = new Pointers(e);
    this.place();
    this.placeReciprocals(nodes);
  }

  /** Operand by operand; null where it is computed in the loop. */
  loadsOf(node: PlanNode): readonly (Load | null)[] {
    return this.operandLoads.get(node) as readonly (Load | null)[];
  }

  /** Reads what does not change along an axis. */
  enterVectors(axis: number): void {
    for (const load of this.loads.values()) {
      if (load.pointer !== null && load.strides[axis] === 0)
        load.uniform = loadSplat(this.e.lanes, load.dtype, this.pointers.at(load.pointer, axis));
    }
  }

  leaveVectors(): void {
    for (const load of this.loads.values()) if (load.pointer !== null) load.uniform = null;
  }

  /** Values that are in the same place in every block do not move from block to block. */
  private stay(local: ReadonlySet<ValueId>): void {
    for (const { view, strides } of this.loads.values()) if (local.has(view.root)) strides[0] = 0;
    for (const { node, strides } of this.stores) if (local.has(node.outputs[0])) strides[0] = 0;
  }

  private collect(node: PlanNode, inside: ReadonlySet<ValueId>): void {
    const shape = squeezed(node.space);
    const gathers = node.lowering.kind === 'elementwise' && node.lowering.gathers === true;
    const loads = node.operands.map((view, i) => {
      if (gathers && i === 0) return null;
      if (inside.has(view.root) || view.literal !== undefined) return null;
      const strides = squeezeStrides(broadcastStrides(view, node.space), node.space);
      const key = `${view.root}:${view.offset}:${strides.join(',')}`;
      let load = this.loads.get(key);
      if (load === undefined) {
        load = { view, dtype: this.e.typeOf(view.root).dtype, strides, pointer: null, uniform: null };
        this.loads.set(key, load);
      }
      return load;
    });
    this.operandLoads.set(node, loads);
    const [output] = node.outputs;
    const { dtype } = this.e.typeOf(output);
    if (node.lowering.kind === 'reduction' && node.lowering.scatters === true) {
      this.scatters.push({ node, lowering: node.lowering, dtype });
    } else if (node.lowering.kind === 'reduction') {
      const strides = squeezeStrides(reductionStrides(node), node.space);
      const { lowering } = node;
      const made = { node, lowering, dtype, strides, pointer: null, lastKept: -1, partial: [] };
      this.accumulations.push(made);
      this.accumulationOf.set(node, made);
    } else if (this.e.memoryPlan.offsets.has(output)) {
      this.stores.push({ node, dtype, strides: rowMajor(shape), pointer: null });
    }
  }

  /** Gives every access its pointer; what is one number for the whole loop is read here. */
  private place(): void {
    const { e, pointers } = this;
    for (const load of this.loads.values()) {
      const { view } = load;
      if (load.strides.every((s) => s === 0)) load.uniform = readOffsets(e, view, [view.offset]);
      else {
        e.keepOf(view.root).needed = true;
        load.pointer = pointers.add(e.placeOf(view.root), view.offset, load.strides, e.bytesOf(view.root));
      }
    }
    for (const a of this.accumulations) a.lastKept = a.strides.findLastIndex((s) => s !== 0);
    for (const access of [...this.stores, ...this.accumulations]) {
      const [output] = access.node.outputs;
      // A single result stays in a register; it is only stored if something reads it from memory.
      const single = 'lastKept' in access && (access as Accumulation).lastKept < 0;
      if (!single) e.keepOf(output).needed = true;
      access.pointer = pointers.add(e.placeOf(output), 0, access.strides, e.bytesOf(output));
    }
    for (const a of this.accumulations) if (addsInMemory(a)) fillIdentity(this.e, a);
    for (const scatter of this.scatters) {
      e.keepOf(scatter.node.outputs[0]).needed = true;
      fillIdentity(e, scatter);
    }
  }

  /** Divisors that are one number for the whole nest: their reciprocals are taken once, before it. */
  private placeReciprocals(nodes: readonly PlanNode[]): void {
    const made = new Map<Load, Value>();
    const { lanes: l } = this.e;
    for (const node of nodes) {
      if (node.lowering.kind !== 'elementwise' || node.lowering.byReciprocal === undefined) continue;
      const divisor = this.loadsOf(node).at(-1);
      if (divisor?.uniform == null || divisor.dtype !== 'float') continue;
      let reciprocal = made.get(divisor);
      if (reciprocal === undefined) made.set(divisor, (reciprocal = l.reciprocal(divisor.uniform)));
      this.reciprocals.set(node, reciprocal);
    }
  }
}
