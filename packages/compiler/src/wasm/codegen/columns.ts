/**
 * Values of shape […, K] (or [K, …], …) with few columns, reduced along them: mixtures, softmax, small groups. Each
 * node over such a space becomes K nodes over one column, and a reduction along the columns becomes an elementwise
 * node with K operands. All of them then share one loop over the rows, which holds a row's K values in registers.
 *
 * | node                                | becomes                                           |
 * |-------------------------------------|---------------------------------------------------|
 * | elementwise                         | K of them; joined only if something reads it whole |
 * | reduction along the columns         | one elementwise node of K operands                |
 * | … along the columns and other axes  | the same, then a reduction along the others       |
 * | … along other axes only             | K reductions, joined                              |
 */
import type { Shape } from '@pyro-ts/ops';
import type { ValueId, ValueType } from '../../graph/graph';
import { columnGroups, readsEveryElement, splitAxis, type ColumnGroup } from './column-groups';
import type { Elementwise, Reduction } from './lowering';
import { joins } from './lowerings/joins';
import type { Plan, PlanNode } from './plan';
import { wholeView, type View } from './view';

const withOne = (shape: Shape, axis: number): Shape => shape.map((n, i) => (i === axis ? 1 : n));

/** A reduction of a few operands, in pairs. */
function combineOf({ combine }: Reduction): Elementwise {
  return {
    kind: 'elementwise',
    emit: (l, args, out) => {
      let terms = args.map((a) => l.convert(a, out));
      while (terms.length > 1) {
        const half = Math.ceil(terms.length / 2);
        terms = terms.slice(0, half).map((x, i) => {
          const y = terms.at(half + i);
          return y === undefined ? x : combine(l, x, y, out);
        });
      }
      return terms[0];
    },
  };
}

class ColumnSplitter {
  private readonly values: ValueType[];
  private readonly nodes: PlanNode[] = [];
  private readonly groupOf = new Map<PlanNode, ColumnGroup>();
  /** The columns of values that are split. */
  private readonly columns = new Map<ValueId, { producer: PlanNode; parts: readonly ValueId[] }>();

  constructor(
    private readonly plan: Plan,
    groups: readonly ColumnGroup[],
  ) {
    this.values = [...plan.values];
    for (const group of groups) for (const node of group.nodes) this.groupOf.set(node, group);
  }

  run(): Plan {
    for (const node of this.plan.nodes) {
      const group = this.groupOf.get(node);
      if (group === undefined) this.add(node);
      else if (node.lowering.kind === 'elementwise') this.elementwise(node, group);
      else if (node.lowering.kind === 'reduction') this.reduction(node, node.lowering, group);
    }
    return { ...this.plan, values: this.values, nodes: this.nodes };
  }

  private add(node: Omit<PlanNode, 'index'>): void {
    this.nodes.push({ ...node, index: this.nodes.length });
  }

  private value(shape: Shape, output: ValueId): ValueId {
    return this.values.push({ shape, dtype: this.values[output].dtype }) - 1;
  }

  /** Column k of an operand of a node that is split along an axis of its space. */
  private column(view: View, k: number, node: PlanNode, axis: number): View {
    const at = axis - (node.space.length - view.shape.length);
    if (at < 0 || view.shape[at] === 1) return view;
    const shape = withOne(view.shape, at);
    const columns = this.columns.get(view.root);
    if (view.literal !== undefined) return { ...view, shape };
    // Read in another shape or order, it is the joined value.
    if (columns !== undefined && readsEveryElement(view, columns.producer, node))
      return wholeView(columns.parts[k], shape);
    return { ...view, shape, offset: view.offset + k * view.strides[at] };
  }

  private join(output: ValueId, parts: readonly ValueId[], axis: number): void {
    const { shape } = this.values[output];
    const operands = parts.map((part) => wholeView(part, this.values[part].shape));
    const { Concat: lowering } = joins;
    const attrs = { axis };
    this.add({
      kernel: 'Concat',
      lowering,
      operands,
      outputs: [output],
      attrs,
      space: shape,
      axes: [],
      bodies: {},
    });
  }

  private elementwise(node: PlanNode, group: ColumnGroup): void {
    const [output] = node.outputs;
    const axis = splitAxis(node.space, group.axis);
    const space = withOne(node.space, axis);
    const gathers = node.lowering.kind === 'elementwise' && node.lowering.gathers === true;
    const parts = Array.from({ length: group.size }, (_, k) => {
      const part = this.value(space, output);
      const operands = node.operands.map((view, i) =>
        gathers && i === 0 ? view : this.column(view, k, node, axis),
      );
      this.add({ ...node, operands, outputs: [part], space });
      return part;
    });
    this.columns.set(output, { producer: node, parts });
    if (group.readWhole.has(output)) this.join(output, parts, axis);
  }

  private reduction(node: PlanNode, lowering: Reduction, group: ColumnGroup): void {
    const [output] = node.outputs;
    const axis = splitAxis(node.space, group.axis);
    const space = withOne(node.space, axis);
    const operands = Array.from({ length: group.size }, (_, k) =>
      this.column(node.operands[0], k, node, axis),
    );
    if (node.axes.includes(axis)) {
      const alone = node.axes.every((i) => space[i] === 1);
      const row = alone ? output : this.value(space, output);
      this.add({ ...node, lowering: combineOf(lowering), operands, outputs: [row], space, axes: [] });
      if (!alone) this.add({ ...node, operands: [wholeView(row, space)], space });
      return;
    }
    const { shape } = this.values[output];
    const kept = shape.length === node.space.length ? axis : axis - node.axes.filter((i) => i < axis).length;
    const parts = operands.map((operand) => {
      const part = this.value(withOne(shape, kept), output);
      this.add({ ...node, operands: [operand], outputs: [part], space });
      return part;
    });
    this.join(output, parts, kept);
  }
}

/** @param tinySize spaces up to this many elements are written out anyway */
export function splitColumns(plan: Plan, tinySize: number): Plan {
  // Splitting one short axis can leave another.
  for (let rounds = 0; rounds < 3; rounds++) {
    const groups = columnGroups(plan, tinySize);
    if (groups.length === 0) return plan;
    plan = new ColumnSplitter(plan, groups).run();
  }
  return plan;
}
