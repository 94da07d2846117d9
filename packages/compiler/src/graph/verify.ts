/** The rules that every graph obeys; passes are checked against them after they run in tests. */
import { kernels, sizeOf, type DType, type KernelSpec } from '@pyro-ts/ops';
import { GraphError } from '../errors';
import type { Graph, GraphNode, ValueId } from './graph';
import { controlKernels } from './control';
import { checkControl } from './verify-control';
import { labels } from './labels';

/** The spec of a value under tfjs's dtype labels. */
export function specOf(graph: Graph, value: ValueId): { shape: readonly number[]; dtype: DType } {
  const { shape, dtype } = graph.values[value];
  return { shape, dtype: labels[dtype] };
}

function checkTypes(graph: Graph, node: GraphNode): void {
  const spec = (kernels as Readonly<Record<string, KernelSpec | undefined>>)[node.kernel];
  if (spec === undefined) throw new GraphError(`unknown kernel ${node.kernel}`);
  const inferred = spec.infer(
    node.inputs.map((value) => specOf(graph, value)),
    node.attrs,
  );
  node.outputs.forEach((value, i) => {
    const actual = specOf(graph, value);
    const expected = inferred[i];
    if (actual.dtype !== expected?.dtype || actual.shape.join() !== expected.shape.join()) {
      throw new GraphError(
        `${node.kernel} gives ${expected?.dtype}[${expected?.shape.join()}], ` +
          `%${value} is declared ${actual.dtype}[${actual.shape.join()}]`,
      );
    }
  });
}

/**
 * Checks that every value is defined exactly once and before its use, and that types agree with the kernel table.
 * @throws GraphError naming the first broken rule
 */
export function verify(graph: Graph): Graph {
  const defined = new Set<ValueId>();
  const define = (value: ValueId): void => {
    if (defined.has(value)) throw new GraphError(`%${value} is defined twice`);
    if (graph.values[value] === undefined) throw new GraphError(`%${value} has no type`);
    defined.add(value);
  };
  for (const { value } of graph.inputs) define(value);
  for (const [value, data] of graph.constants) {
    define(value);
    if (data.length !== sizeOf(graph.values[value].shape))
      throw new GraphError(
        `constant %${value} has ${data.length} numbers for shape [${graph.values[value].shape.join()}]`,
      );
  }
  for (const node of graph.nodes) {
    for (const input of node.inputs)
      if (!defined.has(input)) throw new GraphError(`${node.kernel} uses %${input} before it is defined`);
    if (node.kernel in controlKernels) {
      Object.values(node.subgraphs ?? {}).forEach(verify);
      checkControl(graph, node);
    } else checkTypes(graph, node);
    node.outputs.forEach(define);
  }
  for (const output of graph.outputs)
    if (!defined.has(output)) throw new GraphError(`output %${output} is never defined`);
  return graph;
}
