/** Graphs as JSON, their constants as raw numbers beside it. */
import { sizeOf, type Attrs, type AttrValue, type NumericArray } from '@pyro-ts/ops';
import { ProgramFormatError } from '../errors';
import type { Graph, GraphInput, GraphNode, ValueDType, ValueId, ValueType } from '../graph/graph';

/** [kernel, inputs, outputs, attributes, label, bodies]. */
type NodeJson = readonly [
  string,
  readonly ValueId[],
  readonly ValueId[],
  unknown,
  string | null,
  Readonly<Record<string, GraphJson>> | null,
];

export interface GraphJson {
  readonly values: readonly ValueType[];
  readonly inputs: readonly GraphInput[];
  /** [value, where its numbers begin in the data part]. */
  readonly constants: readonly (readonly [ValueId, number])[];
  readonly nodes: readonly NodeJson[];
  readonly outputs: readonly ValueId[];
}

/** Numbers that JSON cannot write. */
const special = { NaN, Infinity, '-Infinity': -Infinity, '-0': -0 } as const;

function attrToJson(value: AttrValue): unknown {
  if (typeof value === 'number')
    return Number.isFinite(value) && !Object.is(value, -0)
      ? value
      : { $: Object.is(value, -0) ? '-0' : String(value) };
  if (Array.isArray(value)) return value.map(attrToJson);
  if (typeof value === 'object' && value !== null)
    return { o: Object.entries(value).map(([name, item]) => [name, attrToJson(item)]) };
  return value;
}

function attrFromJson(json: unknown): AttrValue {
  if (Array.isArray(json)) return json.map(attrFromJson);
  if (typeof json !== 'object' || json === null) return json as AttrValue;
  const record = json as { $?: keyof typeof special; o?: [string, unknown][] };
  if (record.$ !== undefined) return special[record.$];
  return Object.fromEntries((record.o ?? []).map(([name, item]) => [name, attrFromJson(item)]));
}

/** Lays arrays one after the other, each at a multiple of 8 bytes; one array is laid once. */
export class DataWriter {
  private readonly offsets = new Map<NumericArray, number>();
  private length = 0;

  add(array: NumericArray): number {
    const known = this.offsets.get(array);
    if (known !== undefined) return known;
    const offset = this.length;
    this.offsets.set(array, offset);
    this.length += Math.ceil(array.byteLength / 8) * 8;
    return offset;
  }

  bytes(): Uint8Array {
    const bytes = new Uint8Array(this.length);
    for (const [array, offset] of this.offsets)
      bytes.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), offset);
    return bytes;
  }
}

export function graphToJson(graph: Graph, data: DataWriter): GraphJson {
  const node = ({ kernel, inputs, outputs, attrs, label, subgraphs }: GraphNode): NodeJson => [
    kernel,
    inputs,
    outputs,
    attrToJson(attrs),
    label ?? null,
    subgraphs === undefined
      ? null
      : Object.fromEntries(Object.entries(subgraphs).map(([name, body]) => [name, graphToJson(body, data)])),
  ];
  return {
    values: graph.values,
    inputs: graph.inputs,
    constants: [...graph.constants].map(([value, array]) => [value, data.add(array)]),
    nodes: graph.nodes.map(node),
    outputs: graph.outputs,
  };
}

const arrays: Readonly<Record<ValueDType, (data: Uint8Array, offset: number, size: number) => NumericArray>> =
  {
    float: (data, offset, size) => new Float64Array(data.buffer, data.byteOffset + offset, size),
    int: (data, offset, size) => new Int32Array(data.buffer, data.byteOffset + offset, size),
    bool: (data, offset, size) => new Uint8Array(data.buffer, data.byteOffset + offset, size),
  };

/** Reads arrays; what was one array is one again. */
class DataReader {
  private readonly known = new Map<string, NumericArray>();

  constructor(private readonly data: Uint8Array) {}

  read(offset: number, size: number, dtype: ValueDType): NumericArray {
    const key = `${dtype}${offset}:${size}`;
    let array = this.known.get(key);
    if (array === undefined) this.known.set(key, (array = arrays[dtype](this.data, offset, size)));
    return array;
  }
}

export function graphFromJson(json: GraphJson, data: Uint8Array): Graph {
  return decode(json, new DataReader(data));
}

function decode(json: GraphJson, data: DataReader): Graph {
  const constant = ([value, offset]: readonly [ValueId, number]): [ValueId, NumericArray] => {
    const { shape, dtype } = json.values[value];
    return [value, data.read(offset, sizeOf(shape), dtype)];
  };
  const node = ([kernel, inputs, outputs, attrs, label, bodies]: NodeJson): GraphNode => ({
    kernel,
    inputs,
    outputs,
    attrs: attrFromJson(attrs) as Attrs,
    ...(label === null ? {} : { label }),
    ...(bodies === null
      ? {}
      : {
          subgraphs: Object.fromEntries(
            Object.entries(bodies).map(([name, body]) => [name, decode(body, data)]),
          ),
        }),
  });
  try {
    const { values, inputs, outputs } = json;
    return {
      values,
      inputs,
      outputs,
      constants: new Map(json.constants.map(constant)),
      nodes: json.nodes.map(node),
    };
  } catch (error) {
    throw new ProgramFormatError('damaged', error instanceof Error ? error.message : String(error));
  }
}
