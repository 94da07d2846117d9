/**
 * Arms of selections that are left out where no lane takes them. What only one arm of a `Select` needs, and is worth
 * more than a branch, is computed under it: series for large arguments, guards against infinities, rare components.
 */
import type { ValueId } from '../../graph/graph';
import { costOf } from '../../passes/costs';
import type { PlanNode } from './plan';

export interface LazyArm {
  /** The operand of the selection: 1 where its condition holds, 2 where it does not. */
  readonly operand: 1 | 2;
  /** Everything that only this arm needs, in order; arms within it leave theirs to themselves. */
  readonly nodes: readonly PlanNode[];
}

export interface LazyArms {
  readonly arms: ReadonlyMap<PlanNode, readonly LazyArm[]>;
  /** Nodes that are computed in an arm. */
  readonly inArm: ReadonlySet<PlanNode>;
}

/** A branch that always goes the same way is nearly free; one that follows data may be mispredicted. */
const worthwhile = { steady: 6, varying: 16 };

const totalCost = (nodes: readonly PlanNode[]): number =>
  nodes.reduce((sum, { kernel }) => sum + costOf(kernel), 0);

/** The nodes before the selection whose values reach nothing but the operand. */
function exclusiveTo(
  select: PlanNode,
  operand: number,
  before: readonly PlanNode[],
  usersOf: (node: PlanNode) => readonly PlanNode[],
): PlanNode[] {
  const found = new Set<PlanNode>();
  for (let i = before.length - 1; i >= 0; i--) {
    const node = before[i];
    const users = usersOf(node);
    const only = users.every((user) => {
      if (user !== select) return found.has(user);
      return select.operands.every((view, k) => k === operand || view.root !== node.outputs[0]);
    });
    if (users.length > 0 && only) found.add(node);
  }
  return before.filter((node) => found.has(node));
}

/**
 * @param nodes of one loop, in order
 * @param stored whether a value is also needed in memory
 * @param steady whether a value is the same all through the loop
 */
export function lazyArms(
  nodes: readonly PlanNode[],
  stored: (value: ValueId) => boolean,
  steady: (node: PlanNode) => boolean,
): LazyArms {
  const users = new Map<ValueId, PlanNode[]>();
  for (const node of nodes) {
    for (const { root, literal } of node.operands) {
      if (literal !== undefined) continue;
      const known = users.get(root);
      if (known === undefined) users.set(root, [node]);
      else known.push(node);
    }
  }
  const usersOf = ({ lowering, outputs: [output] }: PlanNode): readonly PlanNode[] =>
    lowering.kind !== 'elementwise' || stored(output) ? [] : (users.get(output) ?? []);

  const found: { select: PlanNode; arm: LazyArm }[] = [];
  nodes.forEach((select, at) => {
    if (select.kernel !== 'Select') return;
    const least = steady(select) ? worthwhile.steady : worthwhile.varying;
    for (const operand of [1, 2] as const) {
      const own = exclusiveTo(select, operand, nodes.slice(0, at), usersOf);
      if (totalCost(own) >= least) found.push({ select, arm: { operand, nodes: own } });
    }
  });
  // A node belongs to the innermost arm that it is in: that of the earliest selection.
  const arms = new Map<PlanNode, LazyArm[]>();
  const inArm = new Set<PlanNode>();
  for (const { select, arm } of found) {
    const own = arm.nodes.filter((node) => !inArm.has(node));
    for (const node of own) inArm.add(node);
    arms.set(select, [...(arms.get(select) ?? []), { ...arm, nodes: own }]);
  }
  return { arms, inArm };
}
