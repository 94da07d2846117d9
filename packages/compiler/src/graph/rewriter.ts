/** Builds a new graph from an old one, value by value: the tool that passes are written with. */
import type { Attrs, NumericArray } from '@pyro-ts/ops';
import type { Graph, GraphInput, GraphNode, ValueId, ValueType } from './graph';
import { mark } from './marks';

export interface NewNode {
  readonly kernel: string;
  readonly inputs: readonly ValueId[];
  readonly attrs: Attrs;
  readonly label?: string | undefined;
  readonly subgraphs?: Readonly<Record<string, Graph>> | undefined;
}

/** Absent fields stay absent, in the same order: nodes keep one hidden class for each of the two forms. */
function makeNode(
  kernel: string,
  inputs: readonly ValueId[],
  outputs: readonly ValueId[],
  attrs: Attrs,
  label: string | undefined,
  subgraphs: GraphNode['subgraphs'],
): GraphNode {
  if (subgraphs !== undefined)
    return label === undefined
      ? { kernel, inputs, outputs, attrs, subgraphs }
      : { kernel, inputs, outputs, attrs, label, subgraphs };
  return label === undefined ? { kernel, inputs, outputs, attrs } : { kernel, inputs, outputs, attrs, label };
}

/**
 * Values that are kept keep their number, and nodes whose inputs are kept are the same objects: what a pass leaves alone
 * costs it nothing. Numbers that nothing defines any more stay behind; `compact` closes the gaps.
 */
export class Rewriter {
  private readonly values: ValueType[];
  private readonly producers: (GraphNode | undefined)[];
  private readonly inputs: GraphInput[];
  /** Those that the source does not have. */
  private readonly constants = new Map<ValueId, NumericArray>();
  private readonly nodes: GraphNode[] = [];
  /** Replacement + 1 of each old value; 0 where it is kept. */
  private readonly replaced: Int32Array;
  private rewritten = false;

  constructor(readonly source: Graph) {
    this.values = source.values.slice();
    this.producers = new Array<GraphNode | undefined>(source.values.length);
    this.inputs = source.inputs.slice();
    this.replaced = new Int32Array(source.values.length);
  }

  private addValue(type: ValueType, producer?: GraphNode): ValueId {
    this.producers.push(producer);
    return this.values.push(type) - 1;
  }

  addInput(name: string, type: ValueType): ValueId {
    const value = this.addValue(type);
    this.inputs.push({ name, value });
    return value;
  }

  addConstant(type: ValueType, data: NumericArray): ValueId {
    const value = this.addValue(type);
    this.constants.set(value, data);
    return value;
  }

  addNode(node: NewNode, types: readonly ValueType[]): readonly ValueId[] {
    const { kernel, inputs, attrs, label, subgraphs } = node;
    const first = this.values.length;
    const outputs = types.map((_, i) => first + i);
    const added = makeNode(kernel, inputs, outputs, attrs, label, subgraphs);
    for (const type of types) this.addValue(type, added);
    this.nodes.push(added);
    return outputs;
  }

  /** The new value for an old one. */
  resolve(old: ValueId): ValueId {
    const replacement = this.replaced[old];
    return replacement > 0 ? replacement - 1 : old;
  }

  /** From now on the old value is the new one. */
  replace(old: ValueId, value: ValueId): void {
    this.replaced[old] = value + 1;
    this.rewritten = true;
  }

  /** Takes a node over unchanged but for its inputs. */
  copy(node: GraphNode): GraphNode {
    const kept = this.isKept(node.inputs) ? node : this.withResolvedInputs(node);
    for (let i = 0; i < node.outputs.length; i++) this.producers[node.outputs[i]] = kept;
    this.nodes.push(kept);
    return kept;
  }

  private isKept(inputs: readonly ValueId[]): boolean {
    for (let i = 0; i < inputs.length; i++) if (this.replaced[inputs[i]] > 0) return false;
    return true;
  }

  private withResolvedInputs({ kernel, inputs, outputs, attrs, label, subgraphs }: GraphNode): GraphNode {
    const resolved = inputs.map((input) => this.resolve(input));
    return makeNode(kernel, resolved, outputs, attrs, label, subgraphs);
  }

  typeOf(value: ValueId): ValueType {
    return this.values[value];
  }

  /** The data of a new value that is a constant. */
  constantOf(value: ValueId): NumericArray | undefined {
    return this.source.constants.get(value) ?? this.constants.get(value);
  }

  /** The node that computes a new value. */
  producerOf(value: ValueId): GraphNode | undefined {
    return this.producers[value];
  }

  /** Constants that are not used any more are left out. */
  finish(outputs: readonly ValueId[] = this.source.outputs.map((output) => this.resolve(output))): Graph {
    const { values, inputs, nodes } = this;
    const used = new Uint8Array(values.length);
    for (let i = 0; i < nodes.length; i++) mark(used, nodes[i].inputs);
    mark(used, outputs);
    const constants = new Map<ValueId, NumericArray>();
    for (const known of [this.source.constants, this.constants])
      for (const [value, data] of known) if (used[value] === 1) constants.set(value, data);
    return { values, inputs, constants, nodes, outputs };
  }

  /** The new graph, or the old one itself if every node was only copied. */
  finishIfChanged(): Graph {
    return this.rewritten ? this.finish() : this.source;
  }
}
