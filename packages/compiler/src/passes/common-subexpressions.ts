/**
 * Computes equal expressions once. Every kernel is a pure function of its inputs and attributes (random kernels of
 * their key and stream), so the same kernel on the same values is the same value.
 */
import type { NumericArray } from '@pyro-ts/ops';
import type { Graph, GraphNode, ValueId, ValueType } from '../graph/graph';
import { finalized, hashAttrs, mix, sameAttrs } from '../graph/attrs';
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

/** Bodies are compared by identity: a gradient runs the very scan again that it differentiates. */
function haveSameBodies(a: GraphNode, b: GraphNode): boolean {
  if (a.subgraphs === b.subgraphs) return true;
  const [own, other] = [Object.entries(a.subgraphs ?? {}), b.subgraphs ?? {}];
  return own.length === Object.keys(other).length && own.every(([name, body]) => other[name] === body);
}

/** Nodes seen so far, by a hash of operation and inputs: open addressing, since most graphs have no two equal nodes. */
class SeenNodes {
  private readonly nodes: GraphNode[] = [];
  private readonly hashes: number[] = [];
  /** Index into `nodes` + 1; 0 where free. */
  private readonly slots: Int32Array;
  private readonly kernels = new Map<string, number>();

  constructor(
    size: number,
    private readonly rewriter: Rewriter,
  ) {
    this.slots = new Int32Array(2 ** Math.ceil(Math.log2(2 * size + 1)));
  }

  private hash({ kernel, inputs, attrs }: GraphNode): number {
    let hash = this.kernels.get(kernel);
    if (hash === undefined) this.kernels.set(kernel, (hash = this.kernels.size));
    for (const input of inputs) hash = mix(hash, this.rewriter.resolve(input));
    return hashAttrs(attrs, hash);
  }

  private isEqual(node: GraphNode, seen: GraphNode): boolean {
    const { kernel, inputs, attrs } = node;
    if (kernel !== seen.kernel || inputs.length !== seen.inputs.length) return false;
    for (let i = 0; i < inputs.length; i++)
      if (this.rewriter.resolve(inputs[i]) !== seen.inputs[i]) return false;
    return sameAttrs(attrs, seen.attrs) && haveSameBodies(node, seen);
  }

  /** An equal node that was seen before; undefined and noted as `copy` of it, if there is none. */
  find(node: GraphNode, copy: () => GraphNode): GraphNode | undefined {
    const { slots, hashes, nodes } = this;
    const hash = this.hash(node);
    let slot = finalized(hash) & (slots.length - 1);
    for (; slots[slot] !== 0; slot = (slot + 1) & (slots.length - 1)) {
      const at = slots[slot] - 1;
      if (hashes[at] === hash && this.isEqual(node, nodes[at])) return nodes[at];
    }
    hashes.push(hash);
    slots[slot] = nodes.push(copy());
    return undefined;
  }
}

export const commonSubexpressions: Pass = {
  name: 'common-subexpressions',
  run(graph) {
    const rewriter = new Rewriter(graph);
    for (const [value, first] of mergedConstants(graph)) rewriter.replace(value, first);
    const seen = new SeenNodes(graph.nodes.length, rewriter);
    for (const node of graph.nodes) {
      const found = seen.find(node, () => rewriter.copy(node));
      if (found === undefined) continue;
      for (let i = 0; i < node.outputs.length; i++) rewriter.replace(node.outputs[i], found.outputs[i]);
    }
    return rewriter.finishIfChanged();
  },
};
