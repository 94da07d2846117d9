/**
 * Our extra kernels on tfjs's other backends: as tfjs kernels where that is possible, as TensorFlow ops on tfjs-node,
 * else by reading the inputs, computing in float64 and uploading the result.
 */
import * as tfjs from '@tensorflow/tfjs';
import type { DType, NdArray } from '../data/nd-array';
import { upload } from '../data/tensor-like';
import { kernels, type KernelName } from '../kernels';
import type { Attrs, KernelSpec } from '../kernels/kernel';
import { orderedInputs } from './kernel-inputs';
import { runTensorFlowOp, type TensorFlowBackend } from './tensorflow-ops';

export const FOREIGN_BACKENDS = ['cpu', 'webgl', 'webgpu', 'wasm', 'tensorflow'] as const;

type Composition = (inputs: readonly tfjs.Tensor[]) => tfjs.Tensor;

/** Kernels that are short programs of tfjs's own. */
const COMPOSITIONS: Readonly<Partial<Record<KernelName, Composition>>> = {
  StopGradient: ([x]) => tfjs.clone(x),
  Xdivy: ([a, b]) => {
    const zero = tfjs.equal(a, 0);
    return tfjs.where(zero, 0, tfjs.div(a, b));
  },
};

function general(spec: KernelSpec, inputs: readonly tfjs.Tensor[], attrs: Attrs): tfjs.Tensor[] {
  const operands: NdArray[] = inputs.map((t) => ({
    data: t.dataSync(),
    shape: t.shape,
    dtype: t.dtype as DType,
  }));
  const outputs = spec.infer(operands, attrs);
  return spec
    .compute(operands, attrs, outputs)
    .map((data, i) => upload(data.slice(), outputs[i].shape, outputs[i].dtype));
}

function kernelFunc(kernelName: KernelName, backendName: string): tfjs.KernelFunc {
  const spec: KernelSpec = kernels[kernelName];
  return ({ inputs, attrs, backend }) => {
    const operands = orderedInputs(spec, inputs) as tfjs.Tensor[];
    if (backendName === 'tensorflow') {
      const result = runTensorFlowOp(kernelName, operands, backend as TensorFlowBackend);
      if (result !== undefined) return result;
    }
    const composed = COMPOSITIONS[kernelName];
    if (composed !== undefined) return tfjs.tidy(() => composed(operands));
    const results = general(spec, operands, (attrs ?? {}) as Attrs);
    return results.length === 1 && spec.returnsList !== true ? results[0] : results;
  };
}

/** The kernels that tfjs does not know: every kernel name of tfjs is one of its exports. */
export function ownKernels(): KernelName[] {
  const known = new Set<unknown>(Object.values(tfjs).filter((value) => typeof value === 'string'));
  return (Object.keys(kernels) as KernelName[]).filter((name) => !known.has(name));
}

export function registerFallbacks(): void {
  for (const kernelName of ownKernels()) {
    for (const backendName of FOREIGN_BACKENDS) {
      if (tfjs.getKernel(kernelName, backendName) != null) continue;
      tfjs.registerKernel({ kernelName, backendName, kernelFunc: kernelFunc(kernelName, backendName) });
    }
  }
}
