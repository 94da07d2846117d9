/**
 * The tfjs backend `trace`: its kernels compute shapes and dtypes only and append a node to the graph being
 * recorded. Whatever tfjs runs on it, gradients included, becomes part of that graph.
 */
import {
  kernels,
  orderedInputs,
  tf,
  type DType,
  type KernelName,
  type KernelSpec,
  type NamedInputs,
  type TensorSpec,
} from '@pyro-ts/ops';
import type { ValueId } from '../graph/graph';
import { EscapedTracerError, TracedValueError } from '../errors';
import { plainAttrs } from './attributes';
import type { Recorder } from './recorder';

/** The name by which tfjs, and `isConcrete` in ops, know the backend. */
export const traceBackendName = 'trace';

interface Tracer {
  readonly recorder: Recorder;
  readonly value: ValueId;
  readonly shape: readonly number[];
}

type DataId = object;

export class TraceBackend extends tf.KernelBackend {
  private tracers = new WeakMap<DataId, Tracer>();
  private count = 0;
  private readonly stack: Recorder[] = [];
  /** Tensors of other backends that the current graph has taken in as constants. */
  private foreign: Map<DataId, ValueId>[] = [];

  /** The graph being recorded. */
  get recorder(): Recorder {
    const recorder = this.stack[this.stack.length - 1];
    if (recorder === undefined) throw new EscapedTracerError([]);
    return recorder;
  }

  get isRecording(): boolean {
    return this.stack.length > 0;
  }

  push(recorder: Recorder): void {
    this.stack.push(recorder);
    this.foreign.push(new Map());
  }

  pop(): void {
    this.stack.pop();
    this.foreign.pop();
  }

  /** A tensor handle for a value of the current graph. */
  wrap(value: ValueId, spec: TensorSpec): tf.TensorInfo {
    const dataId: DataId = {};
    this.tracers.set(dataId, { recorder: this.recorder, value, shape: spec.shape });
    this.count++;
    return { dataId, shape: [...spec.shape], dtype: spec.dtype };
  }

  /** The value in the current graph behind any tensor; tensors of other backends become constants. */
  valueIn(tensor: tf.TensorInfo): ValueId {
    const tracer = this.tracers.get(tensor.dataId);
    if (tracer !== undefined) {
      if (tracer.recorder === this.recorder) return tracer.value;
      return this.fromOuter(tracer, tensor);
    }
    const known = this.foreign[this.foreign.length - 1].get(tensor.dataId);
    if (known !== undefined) return known;
    const data = tf.engine().readSync(tensor.dataId) as ArrayLike<number>;
    const value = this.recorder.constant(data, { shape: tensor.shape, dtype: tensor.dtype as DType });
    this.foreign[this.foreign.length - 1].set(tensor.dataId, value);
    return value;
  }

  /** A constant of an enclosing graph may be used inside a subgraph; anything else must be passed in. */
  private fromOuter(tracer: Tracer, tensor: tf.TensorInfo): ValueId {
    const data = this.stack.includes(tracer.recorder)
      ? tracer.recorder.constantData(tracer.value)
      : undefined;
    if (data === undefined) throw new EscapedTracerError(tracer.shape);
    return this.recorder.constant(data, { shape: tensor.shape, dtype: tensor.dtype as DType });
  }

  record(name: KernelName, spec: KernelSpec, given: NamedInputs, attrs: object | undefined): tf.TensorInfo[] {
    const tensors = orderedInputs(spec, given);
    const plain = plainAttrs(attrs);
    const specs = tensors.map((t) => ({ shape: t.shape, dtype: t.dtype as DType }));
    const outputs = spec.infer(specs, plain);
    const values = this.recorder.node(
      name,
      tensors.map((t) => this.valueIn(t)),
      plain,
      outputs,
    );
    return values.map((value, i) => this.wrap(value, outputs[i]));
  }

  override write(values: tf.BackendValues, shape: number[], dtype: tf.DataType): DataId {
    if (values === null) throw new TypeError('internal: a tensor without values was made while tracing');
    const spec = { shape, dtype: dtype as DType };
    return this.wrap(this.recorder.constant(values as ArrayLike<number>, spec), spec).dataId;
  }

  override move(id: DataId, values: tf.BackendValues, shape: number[], dtype: tf.DataType): void {
    const value = this.recorder.constant(values as ArrayLike<number>, { shape, dtype: dtype as DType });
    this.tracers.set(id, { recorder: this.recorder, value, shape });
    this.count++;
  }

  override readSync(id: DataId): tf.BackendValues {
    const tracer = this.tracers.get(id);
    if (tracer === undefined) throw new EscapedTracerError([]);
    const data = tracer.recorder.constantData(tracer.value);
    if (data !== undefined) return data.slice() as tf.BackendValues;
    const node = tracer.recorder.producer(tracer.value);
    throw new TracedValueError(node?.kernel ?? 'an input', node?.label, tracer.shape);
  }

  override read(id: DataId): Promise<tf.BackendValues> {
    return Promise.resolve().then(() => this.readSync(id));
  }

  override disposeData(id: DataId): boolean {
    if (this.tracers.delete(id)) this.count--;
    return true;
  }

  override refCount(id: DataId): number {
    return this.tracers.has(id) ? 1 : 0;
  }

  override incRef(): void {
    // Tracers are garbage collected; there is nothing to count.
  }

  override numDataIds(): number {
    return this.count;
  }

  override memory(): { unreliable: boolean } {
    return { unreliable: false };
  }

  /** 64: `lift` keeps all bits of literals for backends that say so (tfjs's type knows only 16 and 32). */
  override floatPrecision(): 16 | 32 {
    return 64 as 32;
  }

  override epsilon(): number {
    return Number.EPSILON;
  }

  override timerAvailable(): boolean {
    return false;
  }

  override dispose(): void {
    this.tracers = new WeakMap();
  }
}

let instance: TraceBackend | undefined;

/** The backend, registered with tfjs on first use together with a kernel for every row of the kernel table. */
export function traceBackend(): TraceBackend {
  if (instance !== undefined) return instance;
  const backend = new TraceBackend();
  tf.registerBackend(traceBackendName, () => backend, -1);
  for (const [kernelName, spec] of Object.entries(kernels) as [KernelName, KernelSpec][]) {
    tf.registerKernel({
      kernelName,
      backendName: traceBackendName,
      kernelFunc: ({ inputs, attrs }) => {
        const outputs = backend.record(kernelName, spec, inputs, attrs);
        return outputs.length === 1 && spec.returnsList !== true ? outputs[0] : outputs;
      },
    });
  }
  instance = backend;
  return backend;
}
