/** A graph for a batch: every value that depends on a batched input gets a first axis, kernel by kernel. */
import type { KernelName, NumericArray } from '@pyro-ts/ops';
import { GraphBuilder } from '../graph/builder';
import type { Graph, GraphNode, ValueId, ValueType } from '../graph/graph';
import { BatchContext, type BatchNode, type Operand } from './context';
import { batchControl } from './control-rules';
import { batchRules } from './rules';

/** The kernel once an example: a scan over the batch whose body is the one node. */
function perExample(node: BatchNode, batch: BatchContext): readonly ValueId[] {
  const xs = node.operands.filter(({ batched }) => batched);
  const shared = node.operands.filter(({ batched }) => !batched);
  const body = new GraphBuilder();
  const inner = new Map(
    [...xs, ...shared].map((o, i) => [o, body.input(String(i), o.type.shape, o.type.dtype)]),
  );
  const outputs = body.nodeAll(
    node.kernel,
    node.operands.map((operand) => inner.get(operand) as ValueId),
    node.attrs,
    node.label,
  );
  return batch.builder.control(
    'Scan',
    [...xs, ...shared].map(({ value }) => value),
    { length: batch.size, numCarries: 0, numXs: xs.length, reverse: false },
    { body: body.finish(outputs) },
    node.types.map(({ shape, dtype }) => ({ shape: [batch.size, ...shape], dtype })),
  );
}

/** Values of the old graph in the new one. */
type Environment = Map<ValueId, Operand>;

function batchNode(graph: Graph, node: GraphNode, env: Environment, batch: BatchContext): void {
  const operands = node.inputs.map((input) => env.get(input) as Operand);
  const types = node.outputs.map((output) => graph.values[output]);
  const define = (outputs: readonly ValueId[], batched: readonly boolean[]): void =>
    node.outputs.forEach((old, i) =>
      env.set(old, { value: outputs[i], batched: batched[i], type: types[i] }),
    );
  if (node.subgraphs !== undefined) {
    const { outputs, batched } = batchControl(node, operands, types, batch);
    return define(outputs, batched);
  }
  const { kernel, attrs, label } = node;
  if (!operands.some(({ batched }) => batched)) {
    const inputs = operands.map(({ value }) => value);
    return define(
      batch.builder.nodeAll(kernel, inputs, attrs, label),
      types.map(() => false),
    );
  }
  const rule = batchRules[kernel as KernelName];
  const given: BatchNode = { kernel, operands, attrs, types, label };
  const outputs = rule === 'perExample' ? perExample(given, batch) : rule(given, batch);
  define(
    outputs,
    types.map(() => true),
  );
}

/** Adds a graph's nodes to a builder and returns its outputs. */
export function batchInto(graph: Graph, inputs: readonly Operand[], batch: BatchContext): Operand[] {
  const env: Environment = new Map();
  graph.inputs.forEach(({ value }, i) => env.set(value, inputs[i]));
  for (const [value, data] of graph.constants) {
    const type = graph.values[value];
    env.set(value, { value: constant(batch, type, data), batched: false, type });
  }
  for (const node of graph.nodes) batchNode(graph, node, env, batch);
  return graph.outputs.map((output) => env.get(output) as Operand);
}

function constant({ builder }: BatchContext, { shape, dtype }: ValueType, data: NumericArray): ValueId {
  return builder.constant(data, shape, dtype);
}

/**
 * The same function of a batch of `size` examples.
 *
 * @param batched for each input, whether it has a new first axis of length `size`; the others are shared by all examples
 * @returns a graph all of whose outputs have the first axis
 */
export function vmapGraph(graph: Graph, batched: readonly boolean[], size: number): Graph {
  const builder = new GraphBuilder();
  const batch = new BatchContext(builder, size);
  const inputs = graph.inputs.map(({ name, value }, i): Operand => {
    const type = graph.values[value];
    const shape = batched[i] ? [size, ...type.shape] : type.shape;
    return { value: builder.input(name, shape, type.dtype), batched: batched[i], type };
  });
  const outputs = batchInto(graph, inputs, batch);
  return builder.finish(outputs.map((output) => batch.materialised(output)));
}
