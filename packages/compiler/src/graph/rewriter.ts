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
  private readonly inputs: GraphInput[] = [];
  private readonly constants = new Map<ValueId, NumericArray>();
  private readonly nodes: GraphNode[] = [];
  private readonly producers = new Map<ValueId, GraphNode>();
  private readonly mapped = new Map<ValueId, ValueId>();

  constructor(readonly source: Graph) {
    for (const { name, value } of source.inputs)
      this.mapped.set(value, this.addInput(name, source.values[value]));
  }

  addInput(name: string, type: ValueType): ValueId {
    const value = this.values.push(type) - 1;
    this.inputs.push({ name, value });
    return value;
  }

  addConstant(type: ValueType, data: NumericArray): ValueId {
    const value = this.values.push(type) - 1;
    this.constants.set(value, data);
    return value;
  }

  addNode(node: NewNode, types: readonly ValueType[]): readonly ValueId[] {
    const outputs = types.map((type) => this.values.push(type) - 1);
    const { label, subgraphs, ...rest } = node;
    const added: GraphNode = {
      ...rest,
      outputs,
      ...(label === undefined ? {} : { label }),
      ...(subgraphs === undefined ? {} : { subgraphs }),
    };
    this.nodes.push(added);
    for (const output of outputs) this.producers.set(output, added);
    return outputs;
  }

  /** The new value for an old one; constants are taken over when first asked for. */
  resolve(old: ValueId): ValueId {
    const known = this.mapped.get(old);
    if (known !== undefined) return known;
    const data = this.source.constants.get(old);
    if (data === undefined) throw new Error(`internal: %${old} was not rewritten before its use`);
    const value = this.addConstant(this.source.values[old], data);
    this.mapped.set(old, value);
    return value;
  }

  /** From now on the old value is the new one. */
  replace(old: ValueId, value: ValueId): void {
    this.mapped.set(old, value);
  }

  /** Takes a node over unchanged but for its inputs. */
  copy(node: GraphNode): readonly ValueId[] {
    const outputs = this.addNode(
      { ...node, inputs: node.inputs.map((input) => this.resolve(input)) },
      node.outputs.map((output) => this.source.values[output]),
    );
    node.outputs.forEach((output, i) => this.replace(output, outputs[i]));
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
    return this.producers.get(value);
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
}
