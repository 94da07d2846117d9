/** Replays a graph kernel by kernel on the active tfjs backend, in that backend's own precision. */
import { lift, scoped, toNdArray, type NumericArray } from '@pyro-ts/ops';
import { inline } from '../control/inline';
import type { Executor, Program } from '../executor';
import type { Graph } from '../graph/graph';
import { labels } from '../graph/labels';

function replay(graph: Graph, inputs: readonly NumericArray[]): NumericArray[] {
  return scoped(() => {
    const tensors = graph.inputs.map(({ value }, i) => {
      const { shape, dtype } = graph.values[value];
      return lift({ data: inputs[i], shape, dtype: labels[dtype] });
    });
    return inline(graph, tensors).map((output) => toNdArray(output).data);
  });
}

export const replayExecutor: Executor = {
  name: 'replay',
  compile(graph: Graph): Program {
    return { run: (inputs) => replay(graph, inputs), dispose: () => undefined };
  },
};
