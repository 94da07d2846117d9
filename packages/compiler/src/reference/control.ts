/** Scan, Cond and While for the interpreter. The layout of their inputs and outputs is in graph/control.ts. */
import { allocate, sizeOf, type NdArray, type NumericArray } from '@pyro-ts/ops';
import type { Graph, GraphNode } from '../graph/graph';
import { labels } from '../graph/labels';

type Interpret = (graph: Graph, inputs: readonly NumericArray[]) => NumericArray[];

function body(node: GraphNode, name: string): Graph {
  const graph = node.subgraphs?.[name];
  if (graph === undefined) throw new Error(`internal: ${node.kernel} without subgraph '${name}'`);
  return graph;
}

function runScan(node: GraphNode, inputs: readonly NdArray[], interpret: Interpret): NumericArray[] {
  const { length, numCarries, numXs, reverse } = node.attrs as Readonly<Record<string, number>>;
  const graph = body(node, 'body');
  const shared = inputs.slice(numCarries + numXs).map((input) => input.data);
  const xs = inputs.slice(numCarries, numCarries + numXs);
  const ys = graph.outputs.slice(numCarries).map((output) => {
    const { shape, dtype } = graph.values[output];
    return allocate(labels[dtype], length * sizeOf(shape));
  });
  let carries = inputs.slice(0, numCarries).map((input) => input.data);
  for (let step = 0; step < length; step++) {
    const i = reverse ? length - 1 - step : step;
    const slices = xs.map(({ data, shape }) => {
      const size = sizeOf(shape.slice(1));
      return data.subarray(i * size, (i + 1) * size);
    });
    const results = interpret(graph, [...carries, ...slices, ...shared]);
    carries = results.slice(0, numCarries);
    results.slice(numCarries).forEach((y, k) => ys[k].set(y, i * y.length));
  }
  return [...carries, ...ys];
}

/** Runs a node that holds subgraphs. */
export function runControl(
  node: GraphNode,
  inputs: readonly NdArray[],
  interpret: Interpret,
): NumericArray[] {
  const data = inputs.map((input) => input.data);
  switch (node.kernel) {
    case 'Scan':
      return runScan(node, inputs, interpret);
    case 'Cond':
      return interpret(body(node, data[0][0] ? 'then' : 'else'), data.slice(1));
    case 'While': {
      const { numCarries } = node.attrs as Readonly<Record<string, number>>;
      const shared = data.slice(numCarries);
      let carries = data.slice(0, numCarries);
      const run = (name: string): NumericArray[] => interpret(body(node, name), [...carries, ...shared]);
      while (run('test')[0][0]) carries = run('body');
      return carries;
    }
    default:
      throw new Error(`internal: ${node.kernel} is not a control kernel`);
  }
}
