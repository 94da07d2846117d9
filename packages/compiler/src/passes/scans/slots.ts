/** A Scan node taken apart: what goes into its body and what comes out, each with its counterpart outside. */
import type { NumericArray } from '@pyro-ts/ops';
import type { Graph, GraphNode, ValueId, ValueType } from '../../graph/graph';

/** A body input and the outer value that feeds it. */
export interface Feed {
  readonly outer: ValueId;
  readonly inner: ValueId;
}

export interface Carry extends Feed {
  /** The body's output for the next step. */
  readonly next: ValueId;
  /** The output of the Scan node in the old graph. */
  readonly final: ValueId;
}

export interface Stacked {
  readonly inner: ValueId;
  /** The output of the Scan node in the old graph. */
  readonly result: ValueId;
}

export interface Slots {
  readonly carries: readonly Carry[];
  readonly xs: readonly Feed[];
  readonly shared: readonly Feed[];
  readonly ys: readonly Stacked[];
  readonly values: readonly ValueType[];
  readonly constants: ReadonlyMap<ValueId, NumericArray>;
  readonly nodes: readonly GraphNode[];
}

/** @param resolve the outer value of an input of the node */
export function takeApart(node: GraphNode, body: Graph, resolve: (value: ValueId) => ValueId): Slots {
  const { numCarries, numXs } = node.attrs as Readonly<Record<string, number>>;
  const feeds = body.inputs.map(({ value }, i): Feed => ({ inner: value, outer: resolve(node.inputs[i]) }));
  return {
    carries: feeds
      .slice(0, numCarries)
      .map((feed, i) => ({ ...feed, next: body.outputs[i], final: node.outputs[i] })),
    xs: feeds.slice(numCarries, numCarries + numXs),
    shared: feeds.slice(numCarries + numXs),
    ys: body.outputs.slice(numCarries).map((inner, i) => ({ inner, result: node.outputs[numCarries + i] })),
    values: body.values,
    constants: body.constants,
    nodes: body.nodes,
  };
}

/** Uses `to` for `from` everywhere inside the body. */
export function substitute(slots: Slots, to: ReadonlyMap<ValueId, ValueId>): Slots {
  if (to.size === 0) return slots;
  const map = (value: ValueId): ValueId => to.get(value) ?? value;
  return {
    ...slots,
    carries: slots.carries.map((carry) => ({ ...carry, next: map(carry.next) })),
    ys: slots.ys.map((y) => ({ ...y, inner: map(y.inner) })),
    nodes: slots.nodes.map((node) => ({ ...node, inputs: node.inputs.map(map) })),
  };
}

export function bodyOf({ carries, xs, shared, ys, values, constants, nodes }: Slots): Graph {
  const named = (prefix: string, feeds: readonly Feed[]): Graph['inputs'] =>
    feeds.map(({ inner }, i) => ({ name: `${prefix}${i}`, value: inner }));
  return {
    values,
    inputs: [...named('carry', carries), ...named('x', xs), ...named('shared', shared)],
    constants,
    nodes,
    outputs: [...carries.map(({ next }) => next), ...ys.map(({ inner }) => inner)],
  };
}
