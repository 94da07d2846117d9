/** Builds a new graph from an old one, value by value: the tool that passes are written with. */
import type { Attrs, NumericArray } from '@pyro-ts/ops';
import type { Graph, GraphInput, GraphNode, ValueId, ValueType } from './graph';

export interface NewNode {
  readonly kernel: string;
  readonly inputs: readonly ValueId[];
  readonly attrs: Attrs;
  readonly label?: string | undefined;
  readonly subgraphs?: Readonly<Record<string, Graph>> | undefined;
}

export class Rewriter {
  private readonly values: ValueType[] = [];
  private readonly producers: (GraphNode | undefined)[] = [];
  private readonly inputs: GraphInput[] = [];
  private readonly constants = new Map<ValueId, NumericArray>();
  private readonly nodes: GraphNode[] = [];
  /** New value + 1 of each old one; 0 where there is none yet. */
  private readonly mapped: Int32Array;
  private rewritten = false;

  constructor(readonly source: Graph) {
    this.mapped = new Int32Array(source.values.length);
    for (const { name, value } of source.inputs)
      this.mapped[value] = this.addInput(name, source.values[value]) + 1;
  }

  /** Whether anything but plain copies was asked for. */
  get changed(): boolean {
    return this.rewritten;
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
    const added: GraphNode =
      label === undefined && subgraphs === undefined
        ? { kernel, inputs, outputs, attrs }
        : {
            kernel,
            inputs,
            outputs,
            attrs,
            ...(label === undefined ? {} : { label }),
            ...(subgraphs === undefined ? {} : { subgraphs }),
          };
    for (const type of types) this.addValue(type, added);
    this.nodes.push(added);
    return outputs;
  }

  /** The new value for an old one; constants are taken over when first asked for. */
  resolve(old: ValueId): ValueId {
    const known = this.mapped[old];
    if (known > 0) return known - 1;
    const data = this.source.constants.get(old);
    if (data === undefined) throw new Error(`internal: %${old} was not rewritten before its use`);
    const value = this.addConstant(this.source.values[old], data);
    this.mapped[old] = value + 1;
    return value;
  }

  /** From now on the old value is the new one. */
  replace(old: ValueId, value: ValueId): void {
    this.mapped[old] = value + 1;
    this.rewritten = true;
  }

  /** Takes a node over unchanged but for its inputs. */
  copy(node: GraphNode): readonly ValueId[] {
    const { values } = this.source;
    const outputs = this.addNode(
      { ...node, inputs: node.inputs.map((input) => this.resolve(input)) },
      node.outputs.map((output) => values[output]),
    );
    for (let i = 0; i < outputs.length; i++) this.mapped[node.outputs[i]] = outputs[i] + 1;
    return outputs;
  }

  typeOf(value: ValueId): ValueType {
    return this.values[value];
  }

  /** The data of a new value that is a constant. */
  constantOf(value: ValueId): NumericArray | undefined {
    return this.constants.get(value);
  }

  /** The node that computes a new value. */
  producerOf(value: ValueId): GraphNode | undefined {
    return this.producers[value];
  }

  finish(outputs: readonly ValueId[] = this.source.outputs.map((output) => this.resolve(output))): Graph {
    return {
      values: this.values,
      inputs: this.inputs,
      constants: this.constants,
      nodes: this.nodes,
      outputs,
    };
  }

  /** The new graph, or the old one itself if every node was only copied. */
  finishIfChanged(): Graph {
    return this.rewritten ? this.finish() : this.source;
  }
}
