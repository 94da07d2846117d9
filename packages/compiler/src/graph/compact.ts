/** Numbers the values anew, in the order in which the nodes need and define them, without gaps. */
import type { NumericArray } from '@pyro-ts/ops';
import type { Graph, GraphNode, ValueId, ValueType } from './graph';

function definedCount({ inputs, constants, nodes }: Graph): number {
  return nodes.reduce((sum, { outputs }) => sum + outputs.length, inputs.length + constants.size);
}

function renumbered(graph: Graph): Graph {
  const values: ValueType[] = [];
  const constants = new Map<ValueId, NumericArray>();
  const numbers = new Int32Array(graph.values.length).fill(-1);
  const define = (old: ValueId): ValueId => (numbers[old] = values.push(graph.values[old]) - 1);
  const numberOf = (old: ValueId): ValueId => {
    if (numbers[old] >= 0) return numbers[old];
    const data = graph.constants.get(old);
    if (data === undefined) throw new Error(`internal: %${old} is used before it is defined`);
    const value = define(old);
    constants.set(value, data);
    return value;
  };
  const inputs = graph.inputs.map(({ name, value }) => ({ name, value: define(value) }));
  const nodes = graph.nodes.map((node): GraphNode => ({
    ...node,
    inputs: node.inputs.map(numberOf),
    outputs: node.outputs.map(define),
  }));
  return { values, inputs, constants, nodes, outputs: graph.outputs.map(numberOf) };
}

/** Bodies by what they were: one that occurs twice stays one. */
type Bodies = Map<Graph, Graph>;

function withCompactBodies(node: GraphNode, bodies: Bodies): GraphNode {
  if (node.subgraphs === undefined) return node;
  const entries = Object.entries(node.subgraphs).map(([name, body]) => {
    const known = bodies.get(body) ?? compact(body, bodies);
    bodies.set(body, known);
    return [name, known] as const;
  });
  return { ...node, subgraphs: Object.fromEntries(entries) };
}

/** The same graph; its values are its inputs, its constants and what its nodes compute, and nothing else. */
export function compact(graph: Graph, bodies: Bodies = new Map()): Graph {
  const hasBodies = graph.nodes.some(({ subgraphs }) => subgraphs !== undefined);
  const inner = hasBodies
    ? { ...graph, nodes: graph.nodes.map((node) => withCompactBodies(node, bodies)) }
    : graph;
  return definedCount(inner) === inner.values.length ? inner : renumbered(inner);
}
