/** Compiled functions as bytes: the graph with its constants and how to compile it. No user code is in them. */
import type { CompileOptions } from '../executor';
import { ProgramFormatError } from '../errors';
import type { Graph } from '../graph/graph';
import { verify } from '../graph/verify';
import { pack, unpack } from './container';
import { DataWriter, graphFromJson, graphToJson, type GraphJson } from './graph-json';

/** All that a program is made of. */
export interface PortableProgram {
  readonly graph: Graph;
  /** Name of the executor that it was compiled for. */
  readonly executor: string;
  readonly options: CompileOptions;
  /** Where each output stood in the function's result: `loss`, `grads.0`, … */
  readonly outputNames: readonly string[];
}

interface ProgramJson {
  readonly kind: 'program';
  readonly executor: string;
  readonly options: CompileOptions;
  readonly outputNames: readonly string[];
  readonly graph: GraphJson;
}

export function programToBytes({ graph, executor, options, outputNames }: PortableProgram): Uint8Array {
  const data = new DataWriter();
  const { precision, relaxed } = options;
  const json: ProgramJson = {
    kind: 'program',
    executor,
    options: {
      ...(precision === undefined ? {} : { precision }),
      ...(relaxed === undefined ? {} : { relaxed }),
    },
    outputNames,
    graph: graphToJson(graph, data),
  };
  return pack({ json, data: data.bytes() });
}

/** @throws {ProgramFormatError} if the bytes are foreign, damaged, or of another version */
export function programFromBytes(bytes: Uint8Array): PortableProgram {
  const { json, data } = unpack(bytes);
  const { kind, executor, options, outputNames, graph } = json as Partial<ProgramJson>;
  if (kind !== 'program' || executor === undefined || options === undefined || graph === undefined)
    throw new ProgramFormatError('damaged', 'they do not describe a program');
  const decoded = graphFromJson(graph, data);
  try {
    verify(decoded);
  } catch (error) {
    throw new ProgramFormatError('damaged', error instanceof Error ? error.message : String(error));
  }
  return { graph: decoded, executor, options, outputNames: outputNames ?? [] };
}
