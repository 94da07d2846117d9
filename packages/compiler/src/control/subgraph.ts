/** Records the body of a control kernel as a graph of its own; what it takes from outside becomes an input. */
import { scoped, tf, TRACE_BACKEND, type TensorSpec } from '@pyro-ts/ops';
import type { Graph, ValueId } from '../graph/graph';
import { labels } from '../graph/labels';
import { traceBackend } from '../trace/backend';
import { Recorder } from '../trace/recorder';
import { withoutTape } from './tape';

export interface Subgraph {
  /** Inputs: those asked for, then one for each captured tensor. */
  readonly graph: Graph;
  /** Tensors of enclosing traces, and others that gradients may be asked of, that the body uses. */
  readonly captured: readonly tf.Tensor[];
  readonly outputs: readonly TensorSpec[];
}

export function specOf(tensor: tf.Tensor): TensorSpec {
  return { shape: tensor.shape, dtype: tensor.dtype as TensorSpec['dtype'] };
}

export function specOfValue({ values }: Graph, value: ValueId): TensorSpec {
  const { shape, dtype } = values[value];
  return { shape, dtype: labels[dtype] };
}

/** @param known tensors that take the first places among the captured ones, used or not */
export function traceSubgraph(
  fn: (inputs: tf.Tensor[]) => readonly tf.Tensor[],
  specs: readonly TensorSpec[],
  known: readonly tf.Tensor[] = [],
): Subgraph {
  const backend = traceBackend();
  const previous = tf.getBackend();
  const recorder = new Recorder();
  if (previous !== TRACE_BACKEND) void tf.setBackend(TRACE_BACKEND);
  backend.push(recorder, true);
  try {
    return withoutTape(() =>
      scoped(() => {
        const inputs = specs.map((spec, i) => {
          const info = backend.wrap(recorder.input(String(i), spec), spec);
          return tf.engine().makeTensorFromTensorInfo(info, backend);
        });
        known.forEach((tensor) => backend.valueIn(tensor));
        const results = fn(inputs);
        const outputs = results.map(specOf);
        const graph = recorder.finish(results.map((result) => backend.valueIn(result)));
        return { graph, captured: backend.captured, outputs };
      }),
    );
  } finally {
    backend.pop();
    if (previous !== TRACE_BACKEND) void tf.setBackend(previous);
  }
}
