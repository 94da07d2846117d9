/** Builds graphs by hand: what tests, benchmarks and lowerings of composite kernels write them with. */
import { findKernel, type Attrs, type DType, type NumericArray, type Shape } from '@pyro-ts/ops';
import type { Graph, GraphInput, GraphNode, ValueDType, ValueId, ValueType } from './graph';
import { labels } from './labels';

const valueDTypes: Readonly<Record<DType, ValueDType>> = { float32: 'float', int32: 'int', bool: 'bool' };

export class GraphBuilder {
  private readonly values: ValueType[] = [];
  private readonly inputs: GraphInput[] = [];
  private readonly constants = new Map<ValueId, NumericArray>();
  private readonly nodes: GraphNode[] = [];

  private value(shape: Shape, dtype: ValueDType): ValueId {
    return this.values.push({ shape, dtype }) - 1;
  }

  input(name: string, shape: Shape, dtype: ValueDType = 'float'): ValueId {
    const value = this.value(shape, dtype);
    this.inputs.push({ name, value });
    return value;
  }

  /** Data row-major; numbers make a float scalar. */
  constant(data: NumericArray | number, shape: Shape = [], dtype?: ValueDType): ValueId {
    const array = typeof data === 'number' ? Float64Array.of(data) : data;
    const inferred = array instanceof Int32Array ? 'int' : array instanceof Uint8Array ? 'bool' : 'float';
    const value = this.value(shape, dtype ?? inferred);
    this.constants.set(value, array);
    return value;
  }

  typeOf(value: ValueId): ValueType {
    return this.values[value];
  }

  /** Adds a kernel's node; shapes and dtypes by its `infer`. */
  nodeAll(kernel: string, inputs: readonly ValueId[], attrs: Attrs = {}, label?: string): readonly ValueId[] {
    const spec = findKernel(kernel);
    if (spec === undefined) throw new Error(`internal: no kernel ${kernel}`);
    const types = inputs.map((i) => ({ shape: this.values[i].shape, dtype: labels[this.values[i].dtype] }));
    const outputs = spec.infer(types, attrs).map(({ shape, dtype }) => this.value(shape, valueDTypes[dtype]));
    this.nodes.push({ kernel, inputs, outputs, attrs, ...(label === undefined ? {} : { label }) });
    return outputs;
  }

  /** A kernel with one output. */
  node(kernel: string, inputs: readonly ValueId[], attrs: Attrs = {}): ValueId {
    return this.nodeAll(kernel, inputs, attrs)[0];
  }

  /** A control kernel, whose output types follow from its bodies. */
  control(
    kernel: 'Scan' | 'Cond' | 'While',
    inputs: readonly ValueId[],
    attrs: Attrs,
    subgraphs: Readonly<Record<string, Graph>>,
    types: readonly ValueType[],
  ): readonly ValueId[] {
    const outputs = types.map(({ shape, dtype }) => this.value(shape, dtype));
    this.nodes.push({ kernel, inputs, outputs, attrs, subgraphs });
    return outputs;
  }

  finish(outputs: readonly ValueId[]): Graph {
    return {
      values: this.values,
      inputs: this.inputs,
      constants: this.constants,
      nodes: this.nodes,
      outputs,
    };
  }
}
