/** Which nodes are split into columns: those over one space with a short axis along which some of them reduce. */
import { sizeOf, type Shape } from '@pyro-ts/ops';
import type { ValueId } from '../../graph/graph';
import type { Plan, PlanNode } from './plan';
import { isContiguous, squeezed, type View } from './view';

export interface ColumnGroup {
  readonly nodes: readonly PlanNode[];
  /** The axis of the columns among the axes that are longer than 1. */
  readonly axis: number;
  /** How many columns. */
  readonly size: number;
  /** Values that something reads otherwise than column by column. */
  readonly readWhole: ReadonlySet<ValueId>;
}

/** Beyond this the values of a row do not fit in registers in any way. */
const mostColumns = 16;
/** For a reduction of stored values alone, wide loads along the row are the better way beyond this. */
const mostColumnsAlone = 8;
/** Fewer rows than this are not worth their code. */
const fewestRows = 32;
/** Nodes after the split: what one loop can hold. */
const mostNodes = 384;

/** Position in a shape of the axis that is number `axis` among those longer than 1. */
export function splitAxis(shape: Shape, axis: number): number {
  const long = shape.map((_, i) => i).filter((i) => shape[i] !== 1);
  return long[axis];
}

const keyOf = (shape: Shape): string => squeezed(shape).join();

/** Whether the consumer takes the producer's elements as they stand, so that both can be split alike. */
export function readsEveryElement(view: View, producer: PlanNode, consumer: PlanNode): boolean {
  const key = keyOf(producer.space);
  return (
    isContiguous(view) && view.offset === 0 && keyOf(view.shape) === key && keyOf(consumer.space) === key
  );
}

const gathered = ({ lowering }: PlanNode, operand: number): boolean =>
  lowering.kind === 'elementwise' && lowering.gathers === true && operand === 0;

/** Sets of nodes over one space that are connected by values over that space. */
class Components {
  private readonly parents: number[];
  private readonly producers = new Map<ValueId, PlanNode>();

  constructor(
    private readonly plan: Plan,
    private readonly eligible: (node: PlanNode) => boolean,
  ) {
    this.parents = plan.nodes.map((_, i) => i);
    for (const node of plan.nodes) {
      if (node.lowering.kind === 'elementwise' && eligible(node)) this.producers.set(node.outputs[0], node);
    }
    for (const node of plan.nodes) {
      if (!eligible(node)) continue;
      node.operands.forEach((view, i) => {
        const producer = this.linked(node, view, i);
        if (producer !== undefined) this.parents[this.find(producer.index)] = this.find(node.index);
      });
    }
  }

  private find(i: number): number {
    while (this.parents[i] !== i) {
      this.parents[i] = this.parents[this.parents[i]];
      i = this.parents[i];
    }
    return i;
  }

  /** The producer whose columns the operand can be read from. */
  linked(node: PlanNode, view: View, operand: number): PlanNode | undefined {
    if (view.literal !== undefined || gathered(node, operand) || !this.eligible(node)) return undefined;
    const producer = this.producers.get(view.root);
    return producer !== undefined && readsEveryElement(view, producer, node) ? producer : undefined;
  }

  all(): PlanNode[][] {
    const found = new Map<number, PlanNode[]>();
    for (const node of this.plan.nodes) {
      if (!this.eligible(node)) continue;
      const root = this.find(node.index);
      const known = found.get(root);
      if (known === undefined) found.set(root, [node]);
      else known.push(node);
    }
    return [...found.values()];
  }
}

/** The short axis along which most reductions of the component run; null if there is none worth splitting. */
function columnAxis(nodes: readonly PlanNode[]): number | null {
  const sizes = squeezed(nodes[0].space);
  const total = sizeOf(sizes);
  const alone = nodes.every(({ lowering }) => lowering.kind === 'reduction');
  let best: number | null = null;
  let most = 0;
  sizes.forEach((n, axis) => {
    if (n > (alone ? mostColumnsAlone : mostColumns) || total / n < fewestRows) return;
    if (nodes.length * n > mostNodes) return;
    const along = nodes.filter(({ axes, space, lowering }) => {
      const others = space.some((m, i) => m !== 1 && !axes.includes(i));
      return lowering.kind === 'reduction' && others && axes.includes(splitAxis(space, axis));
    });
    if (along.length > most) [best, most] = [axis, along.length];
  });
  return best;
}

/** @param tinySize spaces up to this many elements are written out anyway */
export function columnGroups(plan: Plan, tinySize: number): ColumnGroup[] {
  const components = new Components(plan, ({ lowering, space }) => {
    const reduces = lowering.kind === 'reduction' && lowering.scatters !== true;
    const computed = lowering.kind === 'elementwise' || reduces;
    return computed && squeezed(space).length > 1 && sizeOf(space) > tinySize;
  });
  const groups = components.all().flatMap((nodes): { nodes: PlanNode[]; axis: number; size: number }[] => {
    const axis = columnAxis(nodes);
    return axis === null ? [] : [{ nodes, axis, size: squeezed(nodes[0].space)[axis] }];
  });
  if (groups.length === 0) return [];
  const readWhole = new Set(plan.outputs);
  for (const node of plan.nodes) {
    node.operands.forEach((view, i) => {
      if (components.linked(node, view, i) === undefined) readWhole.add(view.root);
    });
  }
  return groups.map((group) => ({ ...group, readWhole }));
}
