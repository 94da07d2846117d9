/**
 * The backends under test. `eager` is `ref64` and its kernels as always. `jit-float64` and `jit-float32` run nothing themselves:
 * every kernel call is traced, optimised and compiled to WebAssembly for the shapes at hand, by the public `compile`
 * route, and the program runs on the inputs.
 */
import { findKernel, kernels, Ref64Backend, REF64, tf, type Attrs, type DType } from '@pyro-ts/ops';
import { compileFlat, type CompiledFunction, type CompileOptions } from '../../src';
import type { Touched } from './touched';

export const backendNames = ['eager', 'jit-float32', 'jit-float64'] as const;
export type BackendName = (typeof backendNames)[number];

/** Hands values out in single precision, which is what the tests of tfjs compare with. */
function asSingle(values: ArrayLike<number>): Float32Array {
  return (values instanceof Float64Array ? Float32Array.from(values) : values) as Float32Array;
}

/** Attributes as text; JSON alone would take NaN and the infinities for null. */
function keyOf(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) => (typeof part === 'number' ? String(part) : part));
}

class EagerBackend extends Ref64Backend {
  override readSync(dataId: object): Float32Array {
    return asSingle(super.readSync(dataId));
  }
}

/** Names and values of the inputs that were given. */
function present(inputs: tf.NamedTensorInfoMap): [string[], tf.TensorInfo[]] {
  const given = Object.entries(inputs).filter((entry): entry is [string, tf.TensorInfo] => entry[1] != null);
  return [given.map(([name]) => name), given.map(([, info]) => info)];
}

type Programs = Map<string, CompiledFunction>;

class CompilingBackend extends EagerBackend {
  constructor(
    private readonly options: CompileOptions,
    private readonly programs: Programs,
  ) {
    super();
  }

  /** Runs one kernel as a compiled program. */
  runKernel(kernel: string, inputs: tf.NamedTensorInfoMap, attrs: Attrs): tf.TensorInfo | tf.TensorInfo[] {
    const [names, infos] = present(inputs);
    const key = keyOf([kernel, attrs, names, infos.map((t) => [t.shape, t.dtype])]);
    const compiled = this.programs.get(key) ?? this.compile(kernel, inputs, attrs);
    this.programs.set(key, compiled);
    const results = compiled.run(infos.map(({ dataId }) => this.values(dataId)));
    const tensors = results.map((data, i) => {
      const { shape, dtype } = compiled.outputs[i];
      return this.adopt(data, shape, dtype);
    });
    return tensors.length === 1 && findKernel(kernel)?.returnsList !== true ? tensors[0] : tensors;
  }

  private compile(kernel: string, inputs: tf.NamedTensorInfoMap, attrs: Attrs): CompiledFunction {
    const [names, infos] = present(inputs);
    const specs = infos.map(({ shape, dtype }, i) => ({ name: names[i], shape, dtype: dtype as DType }));
    const traced = (tensors: readonly tf.Tensor[]): unknown => {
      const named = Object.fromEntries(names.map((name, i) => [name, tensors[i]]));
      const given = Array.isArray(inputs) ? tensors : named;
      return tf.engine().runKernel(kernel, given as tf.NamedTensorMap, attrs as tf.NamedAttrMap);
    };
    return compileFlat(traced, specs, { executor: 'wasm', ...this.options });
  }
}

/** Every kernel name that tfjs knows. */
const tfjsKernels = Object.values(tf as unknown as Record<string, unknown>).filter(
  (value): value is string => typeof value === 'string' && /^_?[A-Z]\w*$/.test(value),
);

function refuse(touched: Touched, what: string): never {
  touched.outside.add(what);
  throw new Error(`this backend does not compute ${what}`);
}

/** Notes the call of a kernel; our backends compute with numbers only. */
function touch(touched: Touched, inputs: tf.NamedTensorInfoMap, attrs: object | undefined): void {
  touched.calls++;
  const dtypes = [
    ...Object.values(inputs).map((input) => input?.dtype),
    (attrs as Attrs | undefined)?.['dtype'],
  ];
  if (dtypes.includes('string')) refuse(touched, 'string');
  if (dtypes.includes('complex64')) refuse(touched, 'complex64');
}

function registerEager(name: BackendName, touched: Touched): void {
  tf.registerBackend(name, () => new EagerBackend(), -1);
  for (const { kernelName, kernelFunc } of tf.getKernelsForBackend(REF64)) {
    tf.registerKernel({
      kernelName,
      backendName: name,
      kernelFunc: (call) => {
        touch(touched, call.inputs, call.attrs);
        return kernelFunc(call);
      },
    });
  }
}

function registerCompiling(name: BackendName, options: CompileOptions, touched: Touched): void {
  const programs: Programs = new Map();
  tf.registerBackend(name, () => new CompilingBackend(options, programs), -1);
  for (const kernelName of Object.keys(kernels)) {
    tf.registerKernel({
      kernelName,
      backendName: name,
      kernelFunc: ({ inputs, attrs, backend }) => {
        touch(touched, inputs, attrs);
        return (backend as CompilingBackend).runKernel(kernelName, inputs, (attrs ?? {}) as Attrs);
      },
    });
  }
}

/** Registers the backends; kernels of tfjs that one lacks say so to `touched`. */
export function registerBackends(touched: Touched): void {
  registerEager('eager', touched);
  registerCompiling('jit-float64', { precision: 'float64' }, touched);
  registerCompiling('jit-float32', { precision: 'float32' }, touched);
  for (const backendName of backendNames) {
    for (const kernelName of tfjsKernels) {
      if (tf.getKernel(kernelName, backendName) != null) continue;
      tf.registerKernel({ kernelName, backendName, kernelFunc: () => refuse(touched, kernelName) });
    }
  }
}
