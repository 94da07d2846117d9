/**
 * Computes equal expressions once. Every kernel is a pure function of its inputs and attributes (random kernels of
 * their key and stream), so the same kernel on the same values is the same value.
 */
import type { NumericArray } from '@pyro-ts/ops';
import type { Graph, GraphNode, ValueId, ValueType } from '../graph/graph';
import { finalized, hashAttrs, mix, sameAttrs } from '../graph/attrs';
import { Rewriter } from '../graph/rewriter';
import type { Pass } from './pass';

/** Numbers of a constant that are looked at before all of them are. */
const sampled = 64;

/** The same for equal constants, and rarely for others. */
function fingerprint({ dtype, shape }: ValueType, data: NumericArray): string {
  const step = Math.max(data.length / sampled, 1);
  const numbers = Array.from(
    { length: Math.min(data.length, sampled) },
    (_, i) => data[Math.floor(i * step)],
  );
  return `${dtype}[${shape.join()}]${numbers.join()}`;
}

/** The bits, in pieces as large as they come. */
function bitsOf({ buffer, byteOffset, byteLength }: NumericArray): Int32Array | Uint8Array {
  if (byteOffset % 4 !== 0 || byteLength % 4 !== 0) return new Uint8Array(buffer, byteOffset, byteLength);
  return new Int32Array(buffer, byteOffset, byteLength / 4);
}

/** Bit by bit: 0 is not −0. */
function isSameData(a: NumericArray, b: NumericArray): boolean {
  if (a === b) return true;
  const [x, y] = [bitsOf(a), bitsOf(b)];
  if (x.length !== y.length) return false;
  for (let i = 0; i < x.length; i++) if (x[i] !== y[i]) return false;
  return true;
}

/** Old constants → the first equal one. */
function mergedConstants(graph: Graph): Map<ValueId, ValueId> {
  const alike = new Map<string, [ValueId, NumericArray][]>();
  const merged = new Map<ValueId, ValueId>();
  for (const [value, data] of graph.constants) {
    const key = fingerprint(graph.values[value], data);
    const known = alike.get(key) ?? [];
    const equal = known.find(([, other]) => isSameData(data, other));
    if (equal !== undefined) merged.set(value, equal[0]);
    else alike.set(key, [...known, [value, data]]);
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
    for (let i = 0; i < inputs.length; i++) hash = mix(hash, this.rewriter.resolve(inputs[i]));
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
