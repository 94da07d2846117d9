/**
 * Splits a graph in two: what does not depend on the varying inputs, computed once, and the rest, which takes the
 * results as further inputs. A model's data terms leave the inner loop of a sampler this way.
 */
import type { Graph, GraphNode, ValueId } from '../graph/graph';
import { Rewriter } from '../graph/rewriter';
import { deadCode } from './dead-code';

export interface Hoisted {
  /** Same inputs as the whole; outputs are the values that `main` needs. */
  readonly invariant: Graph;
  /** Inputs: those of the whole, then one for each output of `invariant`. */
  readonly main: Graph;
}

/** @param varying indices of the inputs that change from call to call */
export function hoist(graph: Graph, varying: readonly number[]): Hoisted {
  const varies = new Set<ValueId>(varying.map((i) => graph.inputs[i].value));
  const inner: GraphNode[] = [];
  const outer: GraphNode[] = [];
  for (const node of graph.nodes) {
    if (node.inputs.some((input) => varies.has(input))) {
      inner.push(node);
      node.outputs.forEach((output) => varies.add(output));
    } else outer.push(node);
  }
  const computed = new Set(outer.flatMap((node) => node.outputs));
  const needed = new Set<ValueId>();
  for (const value of [...inner.flatMap((node) => node.inputs), ...graph.outputs])
    if (computed.has(value)) needed.add(value);

  const invariant = new Rewriter(graph);
  outer.forEach((node) => invariant.copy(node));
  const main = new Rewriter(graph);
  for (const value of needed) main.replace(value, main.addInput(`hoisted${value}`, graph.values[value]));
  inner.forEach((node) => main.copy(node));
  return {
    invariant: deadCode.run(invariant.finish([...needed].map((value) => invariant.resolve(value)))),
    main: deadCode.run(main.finish()),
  };
}
