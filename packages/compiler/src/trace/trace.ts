/** Runs a tfjs function on the trace backend and returns the graph of what it did. */
import { scoped, tf, type TensorSpec } from '@pyro-ts/ops';
import type { Graph } from '../graph/graph';
import { installControl } from '../control/install';
import { traceBackend, traceBackendName } from './backend';
import { Recorder } from './recorder';

export interface NamedSpec extends TensorSpec {
  readonly name: string;
}

/** Makes `name` the active backend; synchronous because ours are created synchronously. */
function activate(name: string): void {
  void tf.setBackend(name);
}

/** tfjs's debug mode and profiler read what every kernel returns, which a traced kernel does not have. */
function withoutReading<R>(f: () => R): R {
  const { state } = tf.engine();
  const flags = tf.env().getFlags() as Record<string, boolean | undefined>;
  const { profiling } = state;
  const debug = tf.env().getBool('DEBUG');
  // Not by `set`, which announces debug mode on the console every time.
  flags['DEBUG'] = false;
  state.profiling = false;
  try {
    return f();
  } finally {
    flags['DEBUG'] = debug;
    state.profiling = profiling;
  }
}

/**
 * Records `fn` on inputs of the given shapes.
 * @throws TracedValueError if `fn` reads a value; whatever `fn` throws
 */
export function trace(fn: (inputs: tf.Tensor[]) => readonly tf.Tensor[], specs: readonly NamedSpec[]): Graph {
  const backend = traceBackend();
  installControl();
  const previous = tf.getBackend();
  const recorder = new Recorder();
  activate(traceBackendName);
  backend.push(recorder);
  try {
    let graph: Graph | undefined;
    withoutReading(() =>
      scoped(() => {
        const inputs = specs.map((spec) => {
          const info = backend.wrap(recorder.input(spec.name, spec), spec);
          return tf.engine().makeTensorFromTensorInfo(info, backend);
        });
        const outputs = fn(inputs);
        // Not returned, or the scope would look for tensors in it.
        graph = recorder.finish(outputs.map((output) => backend.valueIn(output)));
      }),
    );
    return graph as unknown as Graph;
  } finally {
    backend.pop();
    if (previous !== traceBackendName) activate(previous);
  }
}

/** Whether a function is being traced at this moment. */
export function isTracing(): boolean {
  return tf.getBackend() === traceBackendName && traceBackend().isRecording;
}
