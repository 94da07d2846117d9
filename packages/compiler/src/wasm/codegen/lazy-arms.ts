/**
 * Arms of selections that are left out where no lane takes them. What only one arm of a `Select` needs, and is worth
 * more than a branch, is computed under it: series for large arguments, guards against infinities, rare components.
 */
import type { ValueId } from '../../graph/graph';
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

/** In units of an addition. */
const costs: Readonly<Record<string, number>> = {
  RealDiv: 5, Xdivy: 6, Reciprocal: 5, Sqrt: 6, Rsqrt: 10, Maximum: 3, Minimum: 3, Exp: 20, Expm1: 25, Log: 25,
  Log1p: 25, Sigmoid: 25, Softplus: 40, Tanh: 30, Pow: 80, Lgamma: 80, Digamma: 60, Polygamma: 60, Betaln: 200,
  Erf: 40, Erfc: 40, Sin: 40, Cos: 40, Tan: 50, Atan: 40,
}; // prettier-ignore

/** A branch that always goes the same way is nearly free; one that follows data may be mispredicted. */
const worthwhile = { steady: 6, varying: 16 };

const costOf = (nodes: readonly PlanNode[]): number =>
  nodes.reduce((sum, { kernel }) => sum + (costs[kernel] ?? 1), 0);

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
      if (costOf(own) >= least) found.push({ select, arm: { operand, nodes: own } });
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
