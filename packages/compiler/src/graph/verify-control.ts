/** The rules of nodes that hold subgraphs; their layouts are in control.ts. */
import { GraphError } from '../errors';
import type { Graph, GraphNode, ValueId, ValueType } from './graph';

const text = ({ dtype, shape }: ValueType): string => `${dtype}[${shape.join()}]`;

/** The types on both sides of a border, in order. */
function checkTypes(what: string, outer: readonly ValueType[], inner: readonly ValueType[]): void {
  if (outer.length !== inner.length)
    throw new GraphError(`${what}: ${outer.length} values outside, ${inner.length} in the body`);
  outer.forEach((type, i) => {
    if (text(type) !== text(inner[i]))
      throw new GraphError(`${what} ${i} is ${text(type)} outside, ${text(inner[i])} in the body`);
  });
}

function bodyOf(node: GraphNode, name: string): Graph {
  const body = node.subgraphs?.[name];
  if (body === undefined) throw new GraphError(`${node.kernel} has no body '${name}'`);
  return body;
}

/** What chooses a branch, or another step. */
const decision: ValueType = { shape: [], dtype: 'bool' };

const inputsOf = (body: Graph): ValueType[] => body.inputs.map(({ value }) => body.values[value]);
const outputsOf = (body: Graph): ValueType[] => body.outputs.map((value) => body.values[value]);

function checkScan(node: GraphNode, inputs: readonly ValueType[], outputs: readonly ValueType[]): void {
  const { length, numCarries, numXs } = node.attrs as Readonly<Record<string, number>>;
  const body = bodyOf(node, 'body');
  const isStacked = (i: number): boolean => i >= numCarries && i < numCarries + numXs;
  const stacked = ({ shape, dtype }: ValueType): ValueType => ({ shape: [length, ...shape], dtype });
  const given = inputsOf(body).map((type, i) => (isStacked(i) ? stacked(type) : type));
  const results = outputsOf(body).map((type, i) => (i < numCarries ? type : stacked(type)));
  checkTypes('Scan input', inputs, given);
  checkTypes('Scan output', outputs, results);
  checkTypes('Scan carry', inputs.slice(0, numCarries), results.slice(0, numCarries));
}

/** @throws GraphError if the types of a control node and of its bodies do not fit together */
export function checkControl(graph: Graph, node: GraphNode): void {
  const typesOf = (values: readonly ValueId[]): ValueType[] => values.map((value) => graph.values[value]);
  const [inputs, outputs] = [typesOf(node.inputs), typesOf(node.outputs)];
  switch (node.kernel) {
    case 'Scan':
      return checkScan(node, inputs, outputs);
    case 'Cond':
      checkTypes('Cond predicate', inputs.slice(0, 1), [decision]);
      for (const name of ['then', 'else']) {
        checkTypes('Cond operand', inputs.slice(1), inputsOf(bodyOf(node, name)));
        checkTypes('Cond output', outputs, outputsOf(bodyOf(node, name)));
      }
      return;
    default: {
      const { numCarries } = node.attrs as Readonly<Record<string, number>>;
      checkTypes('While input', inputs, inputsOf(bodyOf(node, 'body')));
      checkTypes('While input', inputs, inputsOf(bodyOf(node, 'test')));
      checkTypes('While test', [decision], outputsOf(bodyOf(node, 'test')));
      checkTypes('While carry', inputs.slice(0, numCarries), outputsOf(bodyOf(node, 'body')));
      checkTypes('While output', outputs, outputsOf(bodyOf(node, 'body')));
    }
  }
}
