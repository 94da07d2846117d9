/** Replays a graph kernel by kernel on the active tfjs backend, in that backend's own precision. */
import { kernels, lift, scoped, tf, toNdArray, type KernelSpec, type NumericArray } from '@pyro-ts/ops';
import type { Executor, Program } from '../executor';
import type { Graph, GraphNode, ValueId } from '../graph/graph';
import { CompilerError } from '../errors';
import { labels } from '../graph/labels';

const table = kernels as Readonly<Record<string, KernelSpec | undefined>>;

/** Inputs under the names that tfjs gives them. */
function named(node: GraphNode, tensors: readonly tf.Tensor[]): tf.NamedTensorMap {
  const spec = table[node.kernel];
  if (spec === undefined)
    throw new CompilerError(
      `the replay executor cannot run ${node.kernel}. Fix: use executor 'wasm' or 'reference' for control flow.`,
    );
  const names =
    spec.inputs === 'list' ? tensors.map((_, i) => String(i)) : spec.inputs.map((n) => n.replace('?', ''));
  return Object.fromEntries(tensors.map((tensor, i) => [names[i], tensor]));
}

/** tfjs's kernels for lists take an array instead of a map. */
function runNode(node: GraphNode, tensors: readonly tf.Tensor[]): tf.Tensor[] {
  const isList = table[node.kernel]?.inputs === 'list';
  const inputs = isList ? (tensors as unknown as tf.NamedTensorMap) : named(node, tensors);
  const result: tf.Tensor | tf.Tensor[] = tf
    .engine()
    .runKernel(node.kernel, inputs, node.attrs as tf.NamedAttrMap);
  return Array.isArray(result) ? result : [result];
}

function replay(graph: Graph, inputs: readonly NumericArray[]): NumericArray[] {
  return scoped(() => {
    const tensors = new Map<ValueId, tf.Tensor>();
    const load = (value: ValueId, data: NumericArray): void => {
      const { shape, dtype } = graph.values[value];
      tensors.set(value, lift({ data, shape, dtype: labels[dtype] }));
    };
    for (const [value, data] of graph.constants) load(value, data);
    graph.inputs.forEach(({ value }, i) => load(value, inputs[i]));
    for (const node of graph.nodes) {
      const results = runNode(
        node,
        node.inputs.map((input) => tensors.get(input) as tf.Tensor),
      );
      node.outputs.forEach((output, i) => tensors.set(output, results[i]));
    }
    return graph.outputs.map((output) => toNdArray(tensors.get(output) as tf.Tensor).data);
  });
}

export const replayExecutor: Executor = {
  name: 'replay',
  compile(graph: Graph): Program {
    return { run: (inputs) => replay(graph, inputs), dispose: () => undefined };
  },
};
