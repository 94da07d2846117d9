/** Collects the nodes of one graph while a function runs on the trace backend. */
import {
  currentLabel,
  sizeOf,
  type Attrs,
  type DType,
  type NumericArray,
  type TensorSpec,
} from '@pyro-ts/ops';
import type { Graph, GraphInput, GraphNode, ValueDType, ValueId, ValueType } from '../graph/graph';

const valueDTypes: Readonly<Record<DType, ValueDType>> = { float32: 'float', int32: 'int', bool: 'bool' };

/** The type that a tfjs dtype label has in graphs. */
export function valueTypeOf(spec: TensorSpec): ValueType {
  return { shape: [...spec.shape], dtype: valueDTypes[spec.dtype] };
}

/** Constants are stored as Float64Array, Int32Array or Uint8Array by dtype, whatever array class they came in. */
function canonical(data: ArrayLike<number>, dtype: ValueDType): NumericArray {
  switch (dtype) {
    case 'float':
      return Float64Array.from(data);
    case 'int':
      return Int32Array.from(data);
    case 'bool':
      return Uint8Array.from(data);
  }
}

export class Recorder {
  private readonly values: ValueType[] = [];
  private readonly producers: (GraphNode | undefined)[] = [];
  private readonly nodes: GraphNode[] = [];
  private readonly inputs: GraphInput[] = [];
  private readonly constants = new Map<ValueId, NumericArray>();
  /** Constants of one number, by type and number: a loop writes the same ones in every step. */
  private readonly numbers = new Map<string, ValueId>();

  private add(type: ValueType, producer?: GraphNode): ValueId {
    this.producers.push(producer);
    return this.values.push(type) - 1;
  }

  input(name: string, spec: TensorSpec): ValueId {
    const value = this.add(valueTypeOf(spec));
    this.inputs.push({ name, value });
    return value;
  }

  constant(data: ArrayLike<number>, spec: TensorSpec): ValueId {
    const type = valueTypeOf(spec);
    const copy = canonical(data, type.dtype);
    if (copy.length !== sizeOf(type.shape)) throw new RangeError('constant does not fill its shape');
    return copy.length === 1 ? this.number(type, copy) : this.store(type, copy);
  }

  private store(type: ValueType, data: NumericArray): ValueId {
    const value = this.add(type);
    this.constants.set(value, data);
    return value;
  }

  private number(type: ValueType, data: NumericArray): ValueId {
    const [x] = data;
    const key = `${type.dtype}${type.shape.length}|${Object.is(x, -0) ? '-0' : x}`;
    let value = this.numbers.get(key);
    if (value === undefined) this.numbers.set(key, (value = this.store(type, data)));
    return value;
  }

  node(
    kernel: string,
    inputs: readonly ValueId[],
    attrs: Attrs,
    outputs: readonly TensorSpec[],
    subgraphs?: Readonly<Record<string, Graph>>,
  ): readonly ValueId[] {
    const label = currentLabel();
    const ids = outputs.map((spec) => this.add(valueTypeOf(spec)));
    const node: GraphNode = {
      kernel,
      inputs: [...inputs],
      outputs: ids,
      attrs,
      ...(label === undefined ? {} : { label }),
      ...(subgraphs === undefined ? {} : { subgraphs }),
    };
    for (const id of ids) this.producers[id] = node;
    this.nodes.push(node);
    return ids;
  }

  constantData(value: ValueId): NumericArray | undefined {
    return this.constants.get(value);
  }

  producer(value: ValueId): GraphNode | undefined {
    return this.producers[value];
  }

  finish(outputs: readonly ValueId[]): Graph {
    return {
      values: this.values,
      inputs: this.inputs,
      constants: this.constants,
      nodes: this.nodes,
      outputs: [...outputs],
    };
  }
}
