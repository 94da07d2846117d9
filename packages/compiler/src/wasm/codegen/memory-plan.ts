/**
 * Where stored values lie in the work space: inputs and outputs at fixed places, the rest in space that is reused once
 * the last unit that reads it is done. Parts of a concatenation are computed in their place.
 */
import { sizeOf } from '@pyro-ts/ops';
import type { ValueDType, ValueId } from '../../graph/graph';
import type { Plan, PlanNode } from './plan';
import type { Unit } from './schedule';
import { rolledStorage, type Within } from './rolling/storage';
import { isContiguous, viewSize } from './view';

const alignment = 16;
const align = (n: number): number => Math.ceil(n / alignment) * alignment;

export interface MemoryPlan {
  /** Byte offset in the work space. Values that live only inside a loop have none. */
  readonly offsets: ReadonlyMap<ValueId, number>;
  readonly byteLength: number;
  /** Operands that are computed where the node's output has them: [output, number of the operand]. */
  readonly inPlace: ReadonlySet<string>;
  /** The value in whose storage another one lies. */
  readonly hosts: ReadonlyMap<ValueId, ValueId>;
}

interface Interval {
  start: number;
  end: number;
}

/** Values that a loop unit computes and nothing outside reads. */
function loopLocal(plan: Plan, units: readonly Unit[]): Set<ValueId> {
  const unitOf = new Map<ValueId, number>();
  units.forEach(({ nodes }, u) => nodes.forEach((n) => n.outputs.forEach((o) => unitOf.set(o, u))));
  const local = new Set<ValueId>();
  for (const { kind, nodes } of units) {
    if (kind !== 'loop' && kind !== 'blocked') continue;
    for (const { lowering, outputs } of nodes) if (lowering.kind === 'elementwise') local.add(outputs[0]);
  }
  for (const output of plan.outputs) local.delete(output);
  units.forEach(({ nodes }, u) => {
    for (const { operands, lowering } of nodes)
      for (const { root } of operands)
        if (unitOf.get(root) !== u || lowering.kind === 'loops') local.delete(root);
  });
  return local;
}

/**
 * Which value's storage contains which other's, and at how many elements from its start; and which operands are there by
 * that. Another operand that reads the same value, a part of it or in another order, is still to be copied.
 */
function aliases(plan: Plan): { alias: Map<ValueId, Within>; inPlace: Set<string> } {
  const alias = new Map<ValueId, Within>();
  const inPlace = new Set<string>();
  const computed = new Set(plan.nodes.flatMap((n) => n.outputs));
  const outputs = new Set(plan.outputs);
  for (const { lowering, operands, outputs: own, attrs } of plan.nodes) {
    if (lowering.kind !== 'loops' || lowering.placement === undefined) continue;
    const type = plan.values[own[0]];
    const places = lowering.placement(
      operands.map((o) => o.shape),
      type.shape,
      attrs,
    );
    operands.forEach((view, i) => {
      const place = places[i];
      const { shape, dtype } = plan.values[view.root];
      const whole = isContiguous(view) && view.offset === 0 && viewSize(view) === sizeOf(shape);
      if (place === null || !whole || !computed.has(view.root) || outputs.has(view.root)) return;
      if (alias.has(view.root) || dtype !== type.dtype) return;
      alias.set(view.root, { into: own[0], elements: place });
      inPlace.add(`${own[0]}:${i}`);
    });
  }
  return { alias, inPlace };
}

/** Best fit over a list of free stretches, in the order of their addresses. */
class Space {
  private free: { start: number; size: number }[] = [];
  end: number;

  constructor(start: number) {
    this.end = start;
  }

  take(size: number): number {
    let best = -1;
    for (let i = 0; i < this.free.length; i++) {
      const own = this.free[i].size;
      if (own >= size && (best < 0 || own < this.free[best].size)) best = i;
      if (own === size) break;
    }
    if (best < 0) {
      const start = this.end;
      this.end += size;
      return start;
    }
    const slot = this.free[best];
    const { start } = slot;
    if (slot.size === size) this.free.splice(best, 1);
    else this.free[best] = { start: start + size, size: slot.size - size };
    return start;
  }

  give(start: number, size: number): void {
    let at = 0;
    for (let end = this.free.length; at < end;) {
      const middle = (at + end) >>> 1;
      if (this.free[middle].start > start) end = middle;
      else at = middle + 1;
    }
    this.free.splice(at, 0, { start, size });
    for (const i of [at, at - 1]) {
      const left = this.free[i];
      const right = this.free[i + 1];
      if (left !== undefined && right !== undefined && left.start + left.size === right.start) {
        left.size += right.size;
        this.free.splice(i + 1, 1);
      }
    }
  }
}

export function planMemory(
  plan: Plan,
  units: readonly Unit[],
  bytesOf: (dtype: ValueDType) => number,
): MemoryPlan {
  const local = loopLocal(plan, units);
  const { alias, inPlace } = aliases(plan);
  const values = [...plan.values];
  const outputs = new Set(plan.outputs);
  const rolled = rolledStorage(
    plan,
    units,
    values,
    (value) => alias.has(value) || outputs.has(value),
    bytesOf,
  );
  for (const value of rolled.unstored) local.add(value);
  for (const [part, within] of rolled.within) alias.set(part, within);

  const bytes = (value: ValueId): number => sizeOf(values[value].shape) * bytesOf(values[value].dtype);
  const place = (value: ValueId): { host: ValueId; offset: number } => {
    let host = value;
    let offset = 0;
    for (let next = alias.get(host); next !== undefined; next = alias.get(host)) {
      offset += next.elements * bytesOf(values[host].dtype);
      host = next.into;
    }
    return { host, offset };
  };

  const intervals = new Map<ValueId, Interval>();
  const touch = (value: ValueId, at: number): void => {
    const { host } = place(value);
    const interval = intervals.get(host);
    if (interval === undefined) intervals.set(host, { start: at, end: at });
    else interval.end = at;
  };
  units.forEach(({ nodes }, u) => {
    for (const node of nodes) eachStored(node, local, (value) => touch(value, u));
  });

  const offsets = new Map<ValueId, number>();
  let fixed = 0;
  for (const value of [...plan.inputs, ...plan.outputs]) {
    offsets.set(value, fixed);
    fixed += align(bytes(value));
  }
  const space = new Space(fixed);
  const starting: (ValueId[] | undefined)[] = units.map(() => undefined);
  const ending: (ValueId[] | undefined)[] = units.map(() => undefined);
  for (const [host, { start, end }] of intervals) {
    if (offsets.has(host) || plan.constants.has(host)) continue;
    (starting[start] ??= []).push(host);
    (ending[end] ??= []).push(host);
  }
  units.forEach((_, u) => {
    for (const host of starting[u] ?? [])
      offsets.set(host, space.take(Math.max(align(bytes(host)), alignment)));
    for (const host of ending[u] ?? [])
      space.give(offsets.get(host) as number, Math.max(align(bytes(host)), alignment));
  });
  for (const part of alias.keys()) {
    const { host, offset } = place(part);
    const start = offsets.get(host);
    if (start !== undefined) offsets.set(part, start + offset);
  }
  const hosts = new Map([...alias.keys()].map((part) => [part, place(part).host]));
  return { offsets, byteLength: align(space.end), inPlace, hosts };
}

function eachStored(node: PlanNode, local: ReadonlySet<ValueId>, visit: (value: ValueId) => void): void {
  for (const { root, literal } of node.operands) if (literal === undefined && !local.has(root)) visit(root);
  for (const output of node.outputs) if (!local.has(output)) visit(output);
}
