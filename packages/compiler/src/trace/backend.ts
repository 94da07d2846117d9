/**
 * The tfjs backend `trace`: its kernels compute shapes and dtypes only and append a node to the graph being
 * recorded. Whatever tfjs runs on it, gradients included, becomes part of that graph.
 */
import {
  isTensor,
  kernels,
  orderedInputs,
  sizeOf,
  tf,
  type Attrs,
  type DType,
  type KernelName,
  type KernelSpec,
  type NamedInputs,
  type TensorSpec,
} from '@pyro-ts/ops';
import type { Graph, ValueId } from '../graph/graph';
import { EscapedTracerError, TracedValueError } from '../errors';
import { plainAttrs } from './attributes';
import type { Recorder } from './recorder';

/** The name by which tfjs, and `isConcrete` in ops, know the backend. */
export const traceBackendName = 'trace';

/**
 * What stands behind a tensor: its data id itself. A loop of thousands of steps makes millions of them, and a map from
 * ids to them would cost the garbage collector more than they do.
 */
class Tracer {
  isAlive = true;

  constructor(
    readonly recorder: Recorder,
    readonly value: ValueId,
    readonly shape: readonly number[],
  ) {}
}

type DataId = object;

/** Up to this many, the numbers of a fill are a constant, not a node. */
const largestStoredFill = 64;

const filled = ({ value }: Attrs, { shape }: TensorSpec): number[] =>
  new Array<number>(sizeOf(shape)).fill(Number(value));

/** A graph being recorded. */
interface Frame {
  readonly recorder: Recorder;
  readonly isBody: boolean;
  /** Tensors of other backends that it has taken in as constants. */
  readonly foreign: Map<DataId, ValueId>;
  /** By tensor id: what it has taken in as inputs. */
  readonly captured: Map<number, { readonly tensor: tf.Tensor; readonly value: ValueId }>;
}

export class TraceBackend extends tf.KernelBackend {
  /** Of tensors that tfjs moved here from another backend, under the ids that they had there. */
  private moved = new WeakMap<DataId, Tracer>();
  private count = 0;
  private readonly stack: Frame[] = [];

  private get frame(): Frame {
    const frame = this.stack[this.stack.length - 1];
    if (frame === undefined) throw new EscapedTracerError([]);
    return frame;
  }

  /** The graph being recorded. */
  get recorder(): Recorder {
    return this.frame.recorder;
  }

  /** Tensors from outside that the current graph takes as inputs, in their order. */
  get captured(): readonly tf.Tensor[] {
    return [...this.frame.captured.values()].map(({ tensor }) => tensor);
  }

  get isRecording(): boolean {
    return this.stack.length > 0;
  }

  /** @param isBody records the body of a control kernel: what it uses of enclosing graphs becomes an input */
  push(recorder: Recorder, isBody = false): void {
    this.stack.push({ recorder, isBody, foreign: new Map(), captured: new Map() });
  }

  pop(): void {
    this.stack.pop();
  }

  /** A tensor handle for a value of the current graph. */
  wrap(value: ValueId, spec: TensorSpec): tf.TensorInfo {
    const dataId: DataId = new Tracer(this.recorder, value, spec.shape);
    this.count++;
    return { dataId, shape: [...spec.shape], dtype: spec.dtype };
  }

  private tracerOf(id: DataId): Tracer | undefined {
    const tracer = id instanceof Tracer ? id : this.moved.get(id);
    return tracer?.isAlive === true ? tracer : undefined;
  }

  /** The value in the current graph behind any tensor; tensors of other backends become constants, or inputs of bodies. */
  valueIn(tensor: tf.TensorInfo): ValueId {
    const { recorder, isBody, foreign } = this.frame;
    const tracer = this.tracerOf(tensor.dataId);
    if (tracer?.recorder === recorder) return tracer.value;
    if (tracer !== undefined && !(isBody && this.stack.some((frame) => frame.recorder === tracer.recorder)))
      throw new EscapedTracerError(tracer.shape);
    // In a body constants are inputs too, as far as they are tensors: a gradient by them may be under way.
    if (isBody && isTensor(tensor)) return this.capture(tensor);
    const known = foreign.get(tensor.dataId);
    if (known !== undefined) return known;
    const data = tf.engine().readSync(tensor.dataId) as ArrayLike<number>;
    const value = recorder.constant(data, { shape: tensor.shape, dtype: tensor.dtype as DType });
    foreign.set(tensor.dataId, value);
    return value;
  }

  private capture(tensor: tf.Tensor): ValueId {
    const { recorder, captured } = this.frame;
    const known = captured.get(tensor.id);
    if (known !== undefined) return known.value;
    const spec = { shape: tensor.shape, dtype: tensor.dtype as DType };
    const value = recorder.input(`captured${captured.size}`, spec);
    captured.set(tensor.id, { tensor, value });
    return value;
  }

  /** Records a node with bodies. */
  recordControl(
    kernel: string,
    tensors: readonly tf.TensorInfo[],
    attrs: Attrs,
    outputs: readonly TensorSpec[],
    subgraphs: Readonly<Record<string, Graph>>,
  ): tf.TensorInfo[] {
    const inputs = tensors.map((t) => this.valueIn(t));
    const values = this.recorder.node(kernel, inputs, attrs, outputs, subgraphs);
    return values.map((value, i) => this.wrap(value, outputs[i]));
  }

  record(name: KernelName, spec: KernelSpec, given: NamedInputs, attrs: object | undefined): tf.TensorInfo[] {
    const tensors = orderedInputs(spec, given);
    // tfjs makes one of every tensor that a gradient keeps; values are immutable, so that it needs no node.
    if (name === 'Identity') return [this.wrap(this.valueIn(tensors[0]), tensors[0] as TensorSpec)];
    const plain = plainAttrs(attrs);
    const specs = tensors.map((t) => ({ shape: t.shape, dtype: t.dtype as DType }));
    const outputs = spec.infer(specs, plain);
    if (name === 'Fill' && sizeOf(outputs[0].shape) <= largestStoredFill)
      return [this.wrap(this.recorder.constant(filled(plain, outputs[0]), outputs[0]), outputs[0])];
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
    this.moved.set(id, new Tracer(this.recorder, value, shape));
    this.count++;
  }

  override readSync(id: DataId): tf.BackendValues {
    const tracer = this.tracerOf(id);
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
    const tracer = this.tracerOf(id);
    if (tracer !== undefined) {
      tracer.isAlive = false;
      this.count--;
    }
    return true;
  }

  override refCount(id: DataId): number {
    return this.tracerOf(id) === undefined ? 0 : 1;
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
    this.moved = new WeakMap();
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
