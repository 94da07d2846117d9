/** The oracle: interprets a graph node by node with the float64 kernels of `ref64`. */
import { kernels, type KernelSpec, type NdArray, type NumericArray } from '@pyro-ts/ops';
import type { Executor, Program } from '../executor';
import type { Graph, GraphNode, ValueId } from '../graph/graph';
import { runControl } from './control';
import { labels } from '../graph/labels';

const table = kernels as Readonly<Record<string, KernelSpec | undefined>>;

/** Runs one node on the values so far. */
function runNode(graph: Graph, node: GraphNode, inputs: readonly NdArray[]): readonly NumericArray[] {
  if (node.subgraphs !== undefined) return runControl(node, inputs, interpret);
  const spec = table[node.kernel];
  if (spec === undefined) throw new Error(`internal: no reference kernel ${node.kernel}`);
  const specs = node.outputs.map((output) => {
    const { shape, dtype } = graph.values[output];
    return { shape, dtype: labels[dtype] };
  });
  return spec.compute(inputs, node.attrs, specs);
}

/** The outputs of a graph for the given inputs. */
export function interpret(graph: Graph, inputs: readonly NumericArray[]): NumericArray[] {
  const data = new Map<ValueId, NumericArray>(graph.constants);
  graph.inputs.forEach(({ value }, i) => data.set(value, inputs[i]));
  const get = (value: ValueId): NdArray => {
    const { shape, dtype } = graph.values[value];
    return { data: data.get(value) as NumericArray, shape, dtype: labels[dtype] };
  };
  for (const node of graph.nodes) {
    const results = runNode(graph, node, node.inputs.map(get));
    node.outputs.forEach((output, i) => data.set(output, results[i]));
  }
  return graph.outputs.map((output) => (data.get(output) as NumericArray).slice());
}

export const referenceExecutor: Executor = {
  name: 'reference',
  compile(graph: Graph): Program {
    return { run: (inputs) => interpret(graph, inputs), dispose: () => undefined };
  },
};
