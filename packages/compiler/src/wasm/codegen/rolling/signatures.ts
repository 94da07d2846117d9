/** Which nodes do the same, but for the places of what they read and write. */
import { sizeOf } from '@pyro-ts/ops';
import { attrsKey } from '../../../graph/attrs';
import type { Plan, PlanNode } from '../plan';
import type { Unit } from '../schedule';

/** Whether operand `i` is read when compiling: it has to be the very same. */
export const isKnownOperand = ({ lowering }: PlanNode, i: number): boolean =>
  lowering.kind === 'elementwise' && lowering.gathers === true && i === 1;

function textOf(plan: Plan, node: PlanNode): string {
  const { kernel, attrs, space, axes, operands, outputs } = node;
  let text = `${kernel}${attrsKey(attrs)}|${space.join()}|${axes.join()}`;
  for (const output of outputs) {
    const { dtype, shape } = plan.values[output];
    text += `>${dtype}${sizeOf(shape)}`;
  }
  operands.forEach(({ root, shape, strides, literal, offset }, i) => {
    const place = literal === undefined ? strides.join() : 'number';
    text += `<${plan.values[root].dtype}${shape.join()}|${place}`;
    if (isKnownOperand(node, i)) text += `@${offset},${literal ?? plan.constants.get(root)?.join()}`;
  });
  return text;
}

/** A number for each unit; equal for single nodes that do the same, and negative for what is never repeated. */
export function signatures(plan: Plan, units: readonly Unit[]): Int32Array {
  const known = new Map<string, number>();
  return Int32Array.from(units, ({ kind, nodes }, i) => {
    const [node] = nodes;
    if (kind !== 'tiny' || (node.lowering.kind === 'reduction' && node.lowering.scatters === true))
      return -i - 1;
    const text = textOf(plan, node);
    let number = known.get(text);
    if (number === undefined) known.set(text, (number = known.size));
    return number;
  });
}
