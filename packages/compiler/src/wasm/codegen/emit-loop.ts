/** A group of elementwise nodes and reductions over one space, as one loop nest in vectors. */
import { sizeOf } from '@pyro-ts/ops';
import type { ValueDType, ValueId } from '../../graph/graph';
import type { Value } from '../assembler';
import { walkBlocks } from './block-order';
import { readOffsets } from './emit-tiny';
import type { Emitter } from './emitter';
import { lazyArms, type LazyArm, type LazyArms } from './lazy-arms';
import { fillIdentity } from './fill-identity';
import type { Lane } from './lanes';
import type { Elementwise } from './lowering';
import { addAt, indexed, loadGather, loadSplat, loadVector, storeLanes } from './memory-lanes';
import { blockNest, reductionStrides, shapeNest, squeezeStrides, type Nest } from './loop-nest';
import { partialsOf, unrollOf } from './unroll';
import type { Accumulation, Blocks, Load, Place, Scatter, Store } from './loop-parts';
import type { PlanNode } from './plan';
import { Pointers, type Pointer } from './pointers';
import { broadcastStrides, rowMajor, squeezed } from './view';

class LoopEmitter {
  private readonly loads = new Map<string, Load>();
  private readonly operandLoads = new Map<PlanNode, (Load | null)[]>();
  private readonly stores: Store[] = [];
  private readonly accumulations: Accumulation[] = [];
  private readonly scatters: Scatter[] = [];
  private readonly accumulationOf = new Map<PlanNode, Accumulation>();
  private readonly reciprocals = new Map<Load, Value>();
  /** Nodes that multiply with a reciprocal. */
  private readonly quotients = new Map<PlanNode, Value>();
  private readonly lazy: LazyArms;
  private readonly nest: Nest;
  private readonly pointers: Pointers;
  private readonly last: number;
  private readonly unroll: number;
  private readonly partials: number;

  constructor(
    private readonly e: Emitter,
    private readonly nodes: readonly PlanNode[],
    private readonly blocks?: Blocks,
  ) {
    const { space } = nodes[0];
    const inside = new Set(nodes.filter((n) => n.lowering.kind === 'elementwise').map((n) => n.outputs[0]));
    for (const node of nodes) this.collect(node, inside);
    const motions = [...this.loads.values(), ...this.stores, ...this.accumulations];
    const nest = shapeNest(squeezed(space), motions);
    this.nest = blocks === undefined ? nest : blockNest(nest, blocks.rows, motions);
    for (const { view, strides } of this.loads.values())
      if (blocks?.local.has(view.root) === true) strides[0] = 0;
    for (const { node, strides } of this.stores)
      if (blocks?.local.has(node.outputs[0]) === true) strides[0] = 0;
    this.last = this.nest.sizes.length - 1;
    this.unroll = unrollOf(nodes.length);
    this.partials = partialsOf(this.accumulations.length, nodes.length, this.unroll);
    this.pointers = new Pointers(e);
    this.place();
    this.placeReciprocals();
    const stored = new Set(this.stores.map(({ node }) => node.outputs[0]));
    this.lazy = lazyArms(
      nodes,
      (value) => stored.has(value),
      (node) => node.operands[0].literal !== undefined || this.operandLoads.get(node)?.[0]?.uniform != null,
    );
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
    for (const a of this.accumulations) if (this.emitsIntoMemory(a)) fillIdentity(this.e, a);
    for (const scatter of this.scatters) {
      e.keepOf(scatter.node.outputs[0]).needed = true;
      fillIdentity(e, scatter);
    }
  }

  /** Divisors that are one number for the whole nest: their reciprocals are taken once, before it. */
  private placeReciprocals(): void {
    const { lanes: l } = this.e;
    for (const node of this.nodes) {
      if (node.lowering.kind !== 'elementwise' || node.lowering.byReciprocal === undefined) continue;
      const divisor = this.operandLoads.get(node)?.at(-1);
      if (divisor?.uniform == null || divisor.dtype !== 'float') continue;
      let reciprocal = this.reciprocals.get(divisor);
      if (reciprocal === undefined)
        this.reciprocals.set(divisor, (reciprocal = l.reciprocal(divisor.uniform)));
      this.quotients.set(node, reciprocal);
    }
  }

  private emitsIntoMemory(a: Accumulation): boolean {
    return a.strides.some((s, axis) => s === 0 && axis < a.lastKept);
  }

  emit(): void {
    if (this.blocks === undefined) this.axis(0);
    else this.rowBlocks(this.blocks, sizeOf(this.nodes[0].space));
    for (const a of this.accumulations)
      if (a.lastKept < 0) this.e.registers.set(a.node.outputs[0], [this.finish(a, -1)]);
  }

  private axis(axis: number): void {
    const { f } = this.e;
    this.openAccumulations(axis);
    this.pointers.enter(axis);
    if (axis === this.last) this.vectorAxis(this.nest.sizes[axis]);
    else {
      const counter = f.variable(f.i32(this.nest.sizes[axis]));
      f.loop((again) => {
        this.axis(axis + 1);
        this.pointers.advance(axis);
        for (const a of this.accumulations) if (a.lastKept === axis) this.finish(a, axis);
        const left = f.op('i32.sub', f.get(counter), f.i32(1));
        f.set(counter, left);
        f.branchIf(again, f.get(counter));
      });
    }
  }

  /** Blocks of rows, with other work before and after each. */
  private rowBlocks({ rows, groups, before, after }: Blocks, all: number): void {
    const { f } = this.e;
    this.openAccumulations(0);
    walkBlocks(this.e, all, rows, groups, {
      enter: (row) => this.pointers.enterAt(f.op('i32.div_u', row, f.i32(rows))),
      block: (row, count, next, group) => {
        before(row(), count, next);
        this.pointers.enter(1);
        this.vectorAxis(count);
        after(row(), count, group());
        this.pointers.advance(0);
      },
      leave: (group) => this.setApart(group()),
    });
    if (groups !== null) this.addGroups(groups.count);
  }

  /** Moves what a group of blocks has added up to its place in memory. */
  private setApart(group: Value): void {
    const { f } = this.e;
    for (const a of this.accumulations) {
      const { pointer, offset } = this.e.target(a.node.outputs[1]);
      const total = a.partial
        .map((p) => f.get(p))
        .reduce((x, y) => a.lowering.combine(this.e.lanes, x, y, a.dtype));
      const place = f.op('i32.add', pointer, f.op('i32.shl', group, f.i32(4)));
      f.store('v128.store', place, total, offset);
      for (const p of a.partial) f.set(p, this.identityOf(a));
    }
  }

  private addGroups(count: number): void {
    const { f } = this.e;
    const at = f.variable(this.e.base);
    const left = f.variable(f.i32(count));
    if (this.accumulations.length === 0) return;
    f.loop((again) => {
      for (const a of this.accumulations) {
        const { offset } = this.e.target(a.node.outputs[1]);
        const [total] = a.partial;
        const own = f.load('v128.load', f.get(at), offset);
        f.set(total, a.lowering.combine(this.e.lanes, f.get(total), own, a.dtype));
      }
      f.set(at, f.op('i32.add', f.get(at), f.i32(16)));
      f.set(left, f.op('i32.sub', f.get(left), f.i32(1)));
      f.branchIf(again, f.get(left));
    });
  }

  /** Accumulators of the results that stay the same from this axis on. */
  private openAccumulations(axis: number): void {
    const { f } = this.e;
    for (const a of this.accumulations) {
      if (a.lastKept !== axis - 1) continue;
      const identity = this.identityOf(a);
      a.partial = Array.from({ length: this.partials }, () => f.variable(identity));
    }
  }

  private identityOf({ dtype, lowering }: Accumulation): Value {
    return this.e.lanes.constant(dtype, lowering.identity(dtype));
  }

  /** Folds the partial results of an accumulation and stores the element. */
  private finish(a: Accumulation, axis: number): Value {
    const { e } = this;
    const { f, lanes: l } = e;
    const combine = (x: Value, y: Value): Value => a.lowering.combine(l, x, y, a.dtype);
    let total = f.get(a.partial[0]);
    for (const p of a.partial.slice(1)) total = combine(total, f.get(p));
    total = l.horizontal(a.dtype, total, combine);
    // The pointer has already been advanced past the element on its own axis.
    const address =
      axis < 0
        ? this.pointers.atStart(a.pointer as Pointer)
        : this.pointers.at(a.pointer as Pointer, axis, -1);
    if (this.emitsIntoMemory(a)) total = combine(loadVector(l, a.dtype, address, 'first'), total);
    storeLanes(l, a.dtype, address, total, 1, axis < 0 ? e.keepOf(a.node.outputs[0]) : undefined);
    return total;
  }

  private vectorAxis(n: number): void {
    const { f, lanes: l } = this.e;
    for (const load of this.loads.values()) {
      if (load.pointer !== null && load.strides[this.last] === 0) {
        load.uniform = loadSplat(l, load.dtype, this.pointers.at(load.pointer, this.last));
      }
    }
    const perTurn = l.width * this.unroll;
    const turns = Math.floor(n / perTurn);
    if (turns > 1) {
      const counter = f.variable(f.i32(turns));
      f.loop((again) => {
        const loaded = new Map<string, Value>();
        const places = Array.from({ length: this.unroll }, (_, u): Place => {
          return {
            at: u * l.width,
            count: l.width,
            accumulator: u % this.partials,
            loaded,
            computed: new Map(),
          };
        });
        this.steps(places);
        this.pointers.advance(this.last, perTurn);
        f.set(counter, f.op('i32.sub', f.get(counter), f.i32(1)));
        f.branchIf(again, f.get(counter));
      });
    }
    const rest = n - (turns > 1 ? turns * perTurn : 0);
    let at = 0;
    for (; at + l.width <= rest; at += l.width) this.step(at, l.width);
    for (; at < rest; at++) this.step(at, 1);
    for (const load of this.loads.values()) if (load.pointer !== null) load.uniform = null;
  }

  /** One vector, or the first lanes of one. */
  private step(at: number, count: number): void {
    this.steps([{ at, count, accumulator: 0, loaded: new Map(), computed: new Map() }]);
  }

  /** Several vectors side by side, node by node: their chains of dependent instructions overlap. */
  private steps(places: readonly Place[]): void {
    const { e } = this;
    const { lanes: l } = e;
    l.forget();
    this.nodesAt(
      this.nodes.filter((node) => !this.lazy.inArm.has(node)),
      places,
    );
    for (const place of places) {
      for (const { node, dtype, pointer } of this.stores) {
        const value = place.computed.get(node.outputs[0]) as Value;
        this.storeStrided(dtype, pointer as Pointer, place.at, value, place.count);
      }
    }
    l.forget();
  }

  private nodesAt(nodes: readonly PlanNode[], places: readonly Place[]): void {
    for (const node of nodes) {
      const values = new Map(places.map((place) => [place, new Map<number, Value>()]));
      for (const arm of this.lazy.arms.get(node) ?? []) {
        this.arm(node, arm, places).forEach((value, i) => values.get(places[i])?.set(arm.operand, value));
      }
      for (const place of places) this.nodeAt(node, place, values.get(place));
    }
  }

  /** The values of an arm that is left out if no lane of any place takes it. */
  private arm(select: PlanNode, { operand, nodes }: LazyArm, places: readonly Place[]): Value[] {
    const { e } = this;
    const { f, lanes: l } = e;
    const masks = places.map((place) => {
      const mask = l.convert(this.operandAt(select, 0, place), 'bool');
      return operand === 1 ? mask : l.not(mask);
    });
    const taken = f.op(
      'v128.any_true',
      masks.reduce((a, b) => l.or(a, b)),
    );
    const { dtype } = e.typeOf(select.operands[operand].root);
    const results = places.map(() => f.variable(l.constant(dtype, 0)));
    f.if(taken, () =>
      l.scoped(() => {
        // What is read or computed here does not exist outside.
        const inner = places.map((p) => ({ ...p, loaded: new Map(p.loaded), computed: new Map(p.computed) }));
        this.nodesAt(nodes, inner);
        inner.forEach((place, i) => f.set(results[i], this.operandAt(select, operand, place).value));
      }),
    );
    return results.map((result) => f.get(result));
  }

  private operandAt(node: PlanNode, i: number, place: Place): Lane {
    const { e } = this;
    const view = node.operands[i];
    const { dtype } = e.typeOf(view.root);
    const load = this.operandLoads.get(node)?.[i] ?? null;
    if (load !== null) return { value: this.readAt(load, place), dtype };
    const { literal } = view;
    if (literal !== undefined) return { value: e.lanes.constant(dtype, literal), dtype, literal };
    return { value: place.computed.get(view.root) as Value, dtype };
  }

  /** @param given operands that are known already */
  private nodeAt(node: PlanNode, place: Place, given?: ReadonlyMap<number, Value>): void {
    const { e } = this;
    const { lanes: l } = e;
    const loads = this.operandLoads.get(node) as (Load | null)[];
    if (node.lowering.kind === 'elementwise' && node.lowering.gathers === true) {
      place.computed.set(node.outputs[0], this.gather(node, loads[1], place));
      return;
    }
    if (node.lowering.kind === 'reduction' && node.lowering.scatters === true)
      return this.scatter(node, place);
    const args = node.operands.map(({ root }, i): Lane => {
      const value = given?.get(i);
      return value === undefined ? this.operandAt(node, i, place) : { value, dtype: e.typeOf(root).dtype };
    });
    const { dtype } = e.typeOf(node.outputs[0]);
    if (node.lowering.kind === 'elementwise') {
      place.computed.set(node.outputs[0], this.emitNode(node, node.lowering, args, dtype));
    } else {
      const accumulation = this.accumulationOf.get(node) as Accumulation;
      this.accumulate(accumulation, l.convert(args[0], dtype), place.at, place.accumulator, place.count);
    }
  }

  /** Elements of operand 0 at the indices in operand 1. */
  private gather({ operands: [source, indices] }: PlanNode, load: Load | null, place: Place): Value {
    const { e } = this;
    const { lanes: l } = e;
    const index = load === null ? l.constant('int', indices.literal ?? 0) : this.readAt(load, place);
    const start = e.addressOf(source.root, source.offset);
    const step = source.strides[0] * e.bytesOf(source.root);
    const { dtype } = e.typeOf(source.root);
    if (place.count === 1) return loadSplat(l, dtype, indexed(l, start, index, 0, step));
    const lanes = Array.from({ length: place.count }, (_, lane) => indexed(l, start, index, lane, step));
    return loadGather(l, dtype, lanes);
  }

  /** Adds operand 0 lane by lane at the indices in operand 1, which may be equal. */
  private scatter(node: PlanNode, place: Place): void {
    const { e } = this;
    const { lanes: l } = e;
    const [output] = node.outputs;
    const value = l.convert(this.operandAt(node, 0, place), 'float');
    const index = this.operandAt(node, 1, place).value;
    addAt(l, e.target(output), index, value, { count: place.count, bytes: e.bytesOf(output) });
  }

  private readAt(load: Load, { at, count, loaded }: Place): Value {
    if (load.uniform !== null) return load.uniform;
    // Places read the same where one operand is another one some elements further on.
    const { pointer, dtype, strides } = load;
    const key = `${dtype}:${count}:${strides[this.last]}:${this.pointers.keyAt(pointer as Pointer, this.last, at)}`;
    let value = loaded.get(key);
    if (value === undefined) {
      value = this.read(load, at, count);
      loaded.set(key, value);
    }
    return value;
  }

  private emitNode(node: PlanNode, lowering: Elementwise, args: readonly Lane[], dtype: ValueDType): Value {
    const { lanes: l } = this.e;
    const reciprocal = this.quotients.get(node);
    if (reciprocal === undefined || lowering.byReciprocal === undefined)
      return lowering.emit(l, args, dtype, node.attrs);
    return lowering.byReciprocal(l, l.convert(args[0], 'float'), reciprocal);
  }

  private storeStrided(dtype: ValueDType, pointer: Pointer, at: number, value: Value, count: number): void {
    const { lanes: l } = this.e;
    const stride = this.pointers.strideOf(pointer, this.last);
    if (count === 1 || stride === l.bytesOf(dtype)) {
      return storeLanes(l, dtype, this.pointers.at(pointer, this.last, at), value, count);
    }
    for (let lane = 0; lane < count; lane++) {
      const moved =
        lane === 0
          ? value
          : l.pick(dtype, Array<Value>(l.width).fill(value), Array<number>(l.width).fill(lane));
      storeLanes(l, dtype, this.pointers.at(pointer, this.last, at + lane), moved, 1);
    }
  }

  private read({ pointer, dtype, strides }: Load, at: number, count: number): Value {
    const { lanes: l } = this.e;
    const here = (lane: number) => this.pointers.at(pointer as Pointer, this.last, at + lane);
    if (count === 1) return loadSplat(l, dtype, here(0));
    if (strides[this.last] === 1) return loadVector(l, dtype, here(0), 'vector');
    return loadGather(
      l,
      dtype,
      Array.from({ length: count }, (_, lane) => here(lane)),
    );
  }

  private accumulate(a: Accumulation, x: Value, at: number, accumulator: number, count: number): void {
    const { f, lanes: l } = this.e;
    const combine = (p: Value, q: Value): Value => a.lowering.combine(l, p, q, a.dtype);
    if (a.lastKept < this.last) {
      const partial = a.partial[accumulator];
      const before = f.get(partial);
      const only = count === l.width ? null : l.laneMask(count, a.dtype);
      const identity = (): Value => l.constant(a.dtype, a.lowering.identity(a.dtype));
      f.set(partial, combine(before, only === null ? x : l.select(only, x, identity())));
      return;
    }
    const address = this.pointers.at(a.pointer as Pointer, this.last, at);
    const stride = this.pointers.strideOf(a.pointer as Pointer, this.last);
    if (!this.emitsIntoMemory(a)) return this.storeStrided(a.dtype, a.pointer as Pointer, at, x, count);
    if (count === 1 || stride === l.bytesOf(a.dtype)) {
      const before = loadVector(l, a.dtype, address, count === 1 ? 'first' : 'vector');
      return storeLanes(l, a.dtype, address, combine(before, x), count);
    }
    const places = Array.from({ length: count }, (_, i) =>
      this.pointers.at(a.pointer as Pointer, this.last, at + i),
    );
    this.storeStrided(a.dtype, a.pointer as Pointer, at, combine(loadGather(l, a.dtype, places), x), count);
  }
}

/** @param blocks only for loops over one axis */
export function emitLoop(e: Emitter, nodes: readonly PlanNode[], blocks?: Blocks): void {
  new LoopEmitter(e, nodes, blocks).emit();
}
