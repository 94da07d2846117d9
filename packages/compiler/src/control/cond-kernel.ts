/**
 * The tfjs kernel `Cond` of the trace backend: one node with a subgraph for each branch. Its gradient is a Cond too: each
 * branch runs its forward part again and pulls the cotangents back, so that nothing but the operands is kept for it.
 */
import type { tf, TensorSpec } from '@pyro-ts/ops';
import type { Graph, ValueType } from '../graph/graph';
import { runControl, type ControlKernelRow } from './control-kernel';
import { forInputs, isFloat, pairing, zeros } from './cotangents';
import { inline } from './inline';
import { specOf, specOfValue, traceSubgraph } from './subgraph';
import { gradientsOf } from './tape';

/** Both branches take the same operands, and give outputs of the same types. */
export interface Branches {
  readonly then: Graph;
  readonly else: Graph;
}

/** [operands, cotangents of the float outputs, captured values] → [cotangents of the float operands and captured values]. */
export interface Backward {
  readonly branches: Branches;
  /** How many of the inputs are operands; the captured values follow the cotangents. */
  readonly numOperands: number;
}

export interface CondPlan {
  readonly branches: Branches;
  /** Made from the functions themselves, if there were any; else the graphs are differentiated. */
  readonly backward?: Backward | undefined;
}

const outputsOf = ({ then }: Branches): TensorSpec[] =>
  then.outputs.map((output) => specOfValue(then, output));

export function runCond(plan: CondPlan, predicate: tf.Tensor, operands: readonly tf.Tensor[]): tf.Tensor[] {
  return runControl('Cond', plan, [predicate, ...operands]);
}

/** The graph with further inputs, which it does not use. */
function withInputs(graph: Graph, types: readonly ValueType[]): Graph {
  const first = graph.values.length;
  const inputs = types.map((_, i) => ({ name: `unused${i}`, value: first + i }));
  return { ...graph, values: [...graph.values, ...types], inputs: [...graph.inputs, ...inputs] };
}

/** A branch as a function of the given operands; what it uses beyond them it captures. */
type Branch = (operands: readonly tf.Tensor[]) => readonly tf.Tensor[];

/** Records both branches on the same inputs: those given, then all that either captures. */
export function recordBranches(
  onTrue: Branch,
  onFalse: Branch,
  specs: readonly TensorSpec[],
  known: readonly tf.Tensor[] = [],
): { readonly branches: Branches; readonly captured: readonly tf.Tensor[] } {
  const first = traceSubgraph(onTrue, specs, known);
  const second = traceSubgraph(onFalse, specs, first.captured);
  const { graph } = second;
  const more = graph.inputs.slice(first.graph.inputs.length).map(({ value }) => graph.values[value]);
  return {
    branches: { then: withInputs(first.graph, more), else: graph },
    captured: second.captured,
  };
}

/** The branches of the gradient, made by differentiating functions. */
export function backwardBranches(
  [onTrue, onFalse]: readonly [Branch, Branch],
  operands: readonly TensorSpec[],
  outputs: readonly TensorSpec[],
  captured: readonly tf.Tensor[],
): Backward {
  const differentiate =
    (branch: Branch): Branch =>
    (inputs) => {
      const given = inputs.slice(0, operands.length);
      const watched = [...given, ...captured].filter((tensor) => isFloat(specOf(tensor)));
      const grads = gradientsOf(() => pairing(branch(given), inputs.slice(operands.length)), watched);
      return watched.map((x, i) => grads[i] ?? zeros(x.shape));
    };
  const specs = [...operands, ...outputs.filter(isFloat)];
  const { branches } = recordBranches(differentiate(onTrue), differentiate(onFalse), specs, captured);
  return { branches, numOperands: operands.length };
}

/** Of branches that are graphs, which capture nothing. */
function backwardOfGraphs(branches: Branches): Backward {
  const run =
    (graph: Graph): Branch =>
    (operands) =>
      inline(graph, operands);
  const operands = branches.then.inputs.map(({ value }) => specOfValue(branches.then, value));
  return backwardBranches([run(branches.then), run(branches.else)], operands, outputsOf(branches), []);
}

export const condKernelRow: ControlKernelRow<CondPlan> = {
  name: 'Cond',
  describe: ({ branches }) => ({ attrs: {}, outputs: outputsOf(branches), subgraphs: { ...branches } }),
  gradient(dys, [predicate, ...inputs], { branches, backward }) {
    const outputs = outputsOf(branches);
    const cotangents = dys.filter((_, i) => isFloat(outputs[i]));
    const { branches: pullback, numOperands } = backward ?? backwardOfGraphs(branches);
    const given = [...inputs.slice(0, numOperands), ...cotangents, ...inputs.slice(numOperands)];
    const grads = runCond({ branches: pullback }, predicate, given);
    return [zeros(predicate.shape), ...forInputs(inputs, grads)];
  },
};
