/**
 * Another order of units, in which what a step of a loop computes stands together: each as early as what it waits for
 * allows, but what holds up no more memory than it gives back as late as the first that waits for it.
 */
import { sizeOf } from '@pyro-ts/ops';
import type { ValueId } from '../../../graph/graph';
import type { Plan } from '../plan';
import type { Unit } from '../schedule';

/** Which units each unit waits for. */
function predecessors(plan: Plan, units: readonly Unit[]): number[][] {
  const unitOf = new Int32Array(plan.values.length).fill(-1);
  units.forEach(({ nodes }, u) => {
    for (const { outputs } of nodes) for (const output of outputs) unitOf[output] = u;
  });
  return units.map(({ nodes }, u) => {
    const found: number[] = [];
    for (const { operands } of nodes) {
      for (const { root, literal } of operands) {
        const from = literal === undefined ? unitOf[root] : -1;
        if (from >= 0 && from !== u && !found.includes(from)) found.push(from);
      }
    }
    return found;
  });
}

/** How often nodes read each stored value. */
function readCounts(plan: Plan, units: readonly Unit[]): Int32Array {
  const counts = new Int32Array(plan.values.length);
  for (const { nodes } of units)
    for (const { operands } of nodes)
      for (const { root, literal } of operands) if (literal === undefined) counts[root]++;
  return counts;
}

export function byDepth(plan: Plan, units: readonly Unit[]): Unit[] {
  const before = predecessors(plan, units);
  const depth = new Int32Array(units.length);
  before.forEach((from, u) => {
    for (const p of from) depth[u] = Math.max(depth[u], depth[p] + 1);
  });
  const reads = readCounts(plan, units);
  const computed = new Uint8Array(plan.values.length);
  for (const { nodes } of units)
    for (const { outputs } of nodes) for (const output of outputs) computed[output] = 1;
  const size = (value: ValueId): number => sizeOf(plan.values[value].shape);
  const outputs = new Set(plan.outputs);
  const canWait = ({ kind, nodes: [node] }: Unit): boolean => {
    if (kind !== 'tiny' || outputs.has(node.outputs[0])) return false;
    let held = 0;
    for (const { root, literal } of node.operands)
      if (literal === undefined && computed[root] === 1 && reads[root] === 1) held += size(root);
    return held <= size(node.outputs[0]);
  };
  const latest = new Int32Array(units.length).fill(-1);
  for (let u = units.length - 1; u >= 0; u--) {
    if (latest[u] > depth[u] && canWait(units[u])) depth[u] = latest[u];
    for (const p of before[u]) latest[p] = latest[p] < 0 ? depth[u] - 1 : Math.min(latest[p], depth[u] - 1);
  }
  const order = units.map((_, u) => u).sort((a, b) => depth[a] - depth[b] || a - b);
  return order.map((u) => units[u]);
}
