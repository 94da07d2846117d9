/**
 * Computes equal expressions once. Every kernel is a pure function of its inputs and attributes (random kernels of
 * their key and stream), so the same kernel on the same values is the same value.
 */
import type { Attrs, NumericArray } from '@pyro-ts/ops';
import type { Graph, GraphNode, ValueId, ValueType } from '../graph/graph';
import { Rewriter } from '../graph/rewriter';
import type { Pass } from './pass';

/** Constants up to this many numbers are merged when equal; larger ones are data and compared by identity. */
const largestMergedConstant = 64;

function constantKey(type: ValueType, data: NumericArray): string {
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return `${type.dtype}[${type.shape.join()}]${bytes.join()}`;
}

/** Old constants → the first equal one. */
function mergedConstants(graph: Graph): Map<ValueId, ValueId> {
  const first = new Map<string | NumericArray, ValueId>();
  const merged = new Map<ValueId, ValueId>();
  for (const [value, data] of graph.constants) {
    const key = data.length > largestMergedConstant ? data : constantKey(graph.values[value], data);
    const known = first.get(key);
    if (known === undefined) first.set(key, value);
    else if (graph.values[known].shape.join() === graph.values[value].shape.join()) merged.set(value, known);
  }
  return merged;
}

/** Attributes are immutable and shared from pass to pass, so their text is made once. */
const attrTexts = new WeakMap<Attrs, string>();

/** Bodies are compared by identity: a gradient runs the very scan again that it differentiates. */
const bodyNumbers = new WeakMap<Graph, number>();
let nextBodyNumber = 0;

function bodiesText(node: GraphNode): string {
  const numbers = Object.entries(node.subgraphs ?? {}).map(([name, body]) => {
    let number = bodyNumbers.get(body);
    if (number === undefined) bodyNumbers.set(body, (number = nextBodyNumber++));
    return `${name}${number}`;
  });
  return numbers.join();
}

/** JSON would make ±∞ and NaN one, and lose −0. */
function exact(_key: string, value: unknown): unknown {
  if (typeof value !== 'number' || (Number.isFinite(value) && !Object.is(value, -0))) return value;
  return `#${Object.is(value, -0) ? '-0' : value}`;
}

function attrText(attrs: Attrs): string {
  let text = attrTexts.get(attrs);
  if (text === undefined) attrTexts.set(attrs, (text = JSON.stringify(attrs, exact)));
  return text;
}

function sameInputs(a: readonly ValueId[], b: readonly ValueId[]): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** Nodes seen so far, by a hash of operation and inputs. */
class SeenNodes {
  private readonly operations = new Map<string, number>();
  private readonly buckets = new Map<number, { operation: number; node: GraphNode }[]>();

  /** An equal node that was seen before, else the function that notes the given one. */
  find(node: GraphNode, inputs: readonly ValueId[]): GraphNode | ((added: GraphNode) => void) {
    const text = `${node.kernel}${attrText(node.attrs)}${bodiesText(node)}`;
    let operation = this.operations.get(text);
    if (operation === undefined) this.operations.set(text, (operation = this.operations.size));
    let hash = operation;
    for (const input of inputs) hash = (Math.imul(hash, 0x01000193) ^ input) | 0;
    const bucket = this.buckets.get(hash);
    const own = operation;
    for (const seen of bucket ?? [])
      if (seen.operation === own && sameInputs(seen.node.inputs, inputs)) return seen.node;
    return (added) => {
      if (bucket === undefined) this.buckets.set(hash, [{ operation: own, node: added }]);
      else bucket.push({ operation: own, node: added });
    };
  }
}

export const commonSubexpressions: Pass = {
  name: 'common-subexpressions',
  run(graph) {
    const rewriter = new Rewriter(graph);
    for (const [value, first] of mergedConstants(graph)) rewriter.replace(value, rewriter.resolve(first));
    const seen = new SeenNodes();
    for (const node of graph.nodes) {
      const found = seen.find(
        node,
        node.inputs.map((input) => rewriter.resolve(input)),
      );
      if (typeof found === 'function') {
        const outputs = rewriter.copy(node);
        if (outputs.length > 0) found(rewriter.producerOf(outputs[0]) as GraphNode);
      } else node.outputs.forEach((output, i) => rewriter.replace(output, found.outputs[i]));
    }
    return rewriter.finishIfChanged();
  },
};
