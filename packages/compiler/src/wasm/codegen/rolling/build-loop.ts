/** Turns → a loop: its body in terms of values of its own, and what those are in each turn. */
import type { ValueId, ValueType } from '../../../graph/graph';
import type { PlanNode } from '../plan';
import type { View } from '../view';
import { isKnownOperand } from './signatures';
import type { Carried, RolledLoop } from './rolled-loop';

/** How many elements before its first one a view reaches. */
const reachBack = ({ shape, strides }: View): number =>
  shape.reduce((sum, n, i) => sum + Math.min(0, strides[i]) * (n - 1), 0);

class LoopBuilder {
  private readonly body: PlanNode[] = [];
  private readonly moving = new Map<ValueId, readonly View[]>();
  private readonly carried = new Map<ValueId, Carried>();
  private readonly results = new Map<ValueId, readonly ValueId[]>();
  /** The value of the body for a result of its first turn, and for one of its last but one. */
  private readonly own = new Map<ValueId, ValueId>();
  private readonly before = new Map<ValueId, ValueId>();
  private readonly known = new Map<string, ValueId[]>();

  constructor(
    private readonly values: ValueType[],
    private readonly turns: readonly (readonly PlanNode[])[],
  ) {}

  private add(type: ValueType): ValueId {
    return this.values.push(type) - 1;
  }

  /** The body is seen from the last turn: what it takes from outside are results of the turn before, or others. */
  build(): RolledLoop {
    const last = this.turns[this.turns.length - 1];
    const previous = this.turns[this.turns.length - 2];
    last.forEach(({ outputs: [output] }, i) => {
      const value = this.add(this.values[output]);
      this.own.set(output, value);
      this.before.set(previous[i].outputs[0], value);
      this.results.set(
        value,
        this.turns.map((nodes) => nodes[i].outputs[0]),
      );
    });
    last.forEach((node, i) => {
      const operands = node.operands.map((view, k) => this.operand(view, i, k));
      const [output] = node.outputs;
      this.body.push({ ...node, operands, outputs: [this.own.get(output) as ValueId] });
    });
    const { turns, body, moving, carried, results } = this;
    return { turns, body, moving, carried, results };
  }

  private operand(view: View, i: number, k: number): View {
    const own = this.own.get(view.root);
    if (own !== undefined && view.literal === undefined) return { ...view, root: own };
    if (isKnownOperand(this.turns[0][i], k)) return view;
    const views = this.turns.map((nodes) => nodes[i].operands[k]);
    const isSame = (a: View): boolean =>
      a.literal === undefined
        ? a.root === view.root && a.offset === view.offset
        : Object.is(a.literal, view.literal);
    if (views.every(isSame)) return view;
    return this.fromBefore(view, views) ?? this.fromElsewhere(view, views);
  }

  /** The operand as a result of the turn before, if it is that in every turn but the first. */
  private fromBefore(view: View, views: readonly View[]): View | undefined {
    const from = view.literal === undefined ? this.before.get(view.root) : undefined;
    if (from === undefined) return undefined;
    const results = this.results.get(from) as readonly ValueId[];
    for (let t = 1; t < views.length; t++)
      if (views[t].root !== results[t - 1] || views[t].offset !== view.offset) return undefined;
    const carried = { from, first: views[0].root, shift: views[0].offset - view.offset };
    const key = `${from}:${carried.first}:${carried.shift}`;
    let [value] = this.known.get(key) ?? [];
    if (value === undefined) {
      this.known.set(key, [(value = this.add(this.values[from]))]);
      this.carried.set(value, carried);
    }
    return { ...view, root: value };
  }

  private fromElsewhere(view: View, views: readonly View[]): View {
    const back = view.literal === undefined ? reachBack(view) : 0;
    const { shape, strides, root } = view;
    const key = `${views[0].root}@${views[0].offset}:${root}@${view.offset}:${back}`;
    const alike = this.known.get(key) ?? [];
    this.known.set(key, alike);
    let value = alike.find((known) => {
      const others = this.moving.get(known) as readonly View[];
      return others.every((other, t) => isSamePlace(other, views[t], back));
    });
    if (value === undefined) {
      value = this.add(this.values[root]);
      alike.push(value);
      this.moving.set(
        value,
        views.map((v) => ({ ...v, offset: v.offset + back })),
      );
    }
    return { root: value, shape, strides, offset: -back };
  }
}

const isSamePlace = (known: View, view: View, back: number): boolean =>
  known.literal === undefined
    ? view.literal === undefined && known.root === view.root && known.offset === view.offset + back
    : Object.is(known.literal, view.literal);

/** @param values types, to which those of the loop are added */
export function buildLoop(values: ValueType[], turns: readonly (readonly PlanNode[])[]): RolledLoop {
  return new LoopBuilder(values, turns).build();
}
