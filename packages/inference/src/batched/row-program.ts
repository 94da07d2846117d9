/** A traceable function of one row as a program for many rows at a time: posterior draws, points of a chain. */
import {
  GraphBuilder,
  optimize,
  traceFunction,
  TracedValueError,
  vmapGraph,
  wasmExecutor,
  type Graph,
} from '@pyro-ts/compiler';
import { withoutValidation } from '@pyro-ts/core';
import {
  allocate,
  sizeOf,
  type DType,
  type NdArray,
  type NumericArray,
  type Shape,
  type TensorSpec,
  type tf,
} from '@pyro-ts/ops';

/** Traceable: from the inputs of one row to tensors by name. */
export type RowFunction = (inputs: readonly tf.Tensor[]) => Readonly<Record<string, tf.Tensor>>;

/**
 * `scan`: the program loops over the rows, each computed with the instructions that it has alone, so with the same bits.
 * `vmap`: every operation is widened to all rows of a chunk: products of a matrix and a vector become products of
 * matrices, which reuse the data from row to row; sums may be ordered otherwise than for one row.
 */
export type Batching = 'scan' | 'vmap';

export interface RowProgram {
  /**
   * @param inputs [count, ...] row-major, one an input
   * @returns name → [count, ...shape]
   */
  run(inputs: readonly NumericArray[], count: number): Record<string, NdArray>;
  /** Releases the program's memory. */
  dispose(): void;
}

/** Bytes that a chunk's arrays may take: few enough for caches, enough for the call to cost nothing. */
const chunkBytes = 4 * 2 ** 20;
const mostRows = 1024;

const labels = { float: 'float32', int: 'int32', bool: 'bool' } as const satisfies Record<string, DType>;

/** The graph in a loop over `size` rows. */
function scanned(graph: Graph, size: number): Graph {
  const g = new GraphBuilder();
  const wide = (value: number): { shape: Shape; dtype: Graph['values'][number]['dtype'] } => {
    const { shape, dtype } = graph.values[value];
    return { shape: [size, ...shape], dtype };
  };
  const inputs = graph.inputs.map(({ name, value }) => {
    const { shape, dtype } = wide(value);
    return g.input(name, shape, dtype);
  });
  const attrs = { length: size, numCarries: 0, numXs: inputs.length, reverse: false };
  return g.finish(g.control('Scan', inputs, attrs, { body: graph }, graph.outputs.map(wide)));
}

const elements = (graph: Graph, values: readonly number[]): number =>
  values.reduce((sum, value) => sum + sizeOf(graph.values[value].shape), 0);

/** Elements of a row that a chunk has as many of as rows. */
function rowElements(graph: Graph, how: Batching): number {
  const ends = [...graph.inputs.map(({ value }) => value), ...graph.outputs];
  if (how === 'scan') return elements(graph, ends);
  return elements(graph, [...ends, ...graph.nodes.flatMap(({ outputs }) => outputs)]);
}

const batched = (graph: Graph, how: Batching, size: number): Graph =>
  how === 'scan' ? scanned(graph, size) : optimize(vmapGraph(graph, graph.inputs.map(() => true), size)); // prettier-ignore

/**
 * @param specs of one row
 * @param count rows that are expected: a chunk has no more
 * @throws {TracedValueError} if the function reads the value of a tensor
 */
export function compileRows(
  fn: RowFunction,
  specs: readonly TensorSpec[],
  how: Batching,
  count: number,
): RowProgram {
  let names: readonly string[] = [];
  const named = specs.map((spec, i) => ({ ...spec, name: String(i) }));
  const { graph } = withoutValidation(() =>
    traceFunction((inputs) => {
      const results = fn(inputs);
      names = Object.keys(results);
      return Object.values(results);
    }, named),
  );
  const fitting = Math.floor(chunkBytes / 8 / Math.max(1, rowElements(graph, how)));
  const size = Math.max(1, Math.min(fitting, mostRows, count));
  const program = wasmExecutor.compile(batched(graph, how, size));
  const views = (slots: readonly unknown[], at: (i: number) => NumericArray): NumericArray[] =>
    slots.map((_, i) => at(i));
  const given = views(graph.inputs, (i) => program.inputView(i));
  const found = views(graph.outputs, (i) => program.outputView(i));
  return {
    run(inputs, rows) {
      const results = graph.outputs.map((output) => {
        const { shape, dtype } = graph.values[output];
        return { data: allocate(labels[dtype], rows * sizeOf(shape)), shape, dtype: labels[dtype] };
      });
      for (let start = 0; start < rows; start += size) {
        // The last chunk may be shorter: what the one before left in the other rows is computed again, and left there.
        const own = Math.min(size, rows - start);
        given.forEach((view, i) => {
          const width = view.length / size;
          view.set(inputs[i].subarray(start * width, (start + own) * width));
        });
        program.call();
        results.forEach(({ data }, k) => {
          const width = found[k].length / size;
          data.set(found[k].subarray(0, own * width), start * width);
        });
      }
      return Object.fromEntries(
        results.map((result, k) => [names[k], { ...result, shape: [rows, ...result.shape] }]),
      );
    },
    dispose: () => program.dispose(),
  };
}

/** The same, or undefined for a function that reads the value of a tensor, which no program can do. */
export function compileRowsIfTraceable(...args: Parameters<typeof compileRows>): RowProgram | undefined {
  try {
    return compileRows(...args);
  } catch (error) {
    if (error instanceof TracedValueError) return undefined;
    throw error;
  }
}
