/**
 * Kernels of ours that TensorFlow has under a name of its own, called through tfjs-node instead of reading the tensors
 * back. Only ops whose inputs and broadcasting are those of our row are listed; the rest takes the general way.
 */
import type * as tfjs from '@tensorflow/tfjs';

/** What is used of tfjs-node's backend (nodejs_kernel_backend.ts). */
export interface TensorFlowBackend {
  readonly binding: { readonly TF_ATTR_TYPE: number; readonly TF_FLOAT: number };
  executeSingleOutput(
    name: string,
    attributes: readonly { readonly name: string; readonly type: number; readonly value: unknown }[],
    inputs: readonly tfjs.TensorInfo[],
  ): tfjs.Tensor;
}

/** Elementwise ops with the one attribute T. */
const TENSORFLOW_OPS: Readonly<Record<string, string>> = {
  Digamma: 'Digamma',
  Erfc: 'Erfc',
  Erfinv: 'Erfinv',
  Gammainc: 'Igamma',
  Gammaincc: 'Igammac',
  GammaincGradA: 'IgammaGradA',
  I0e: 'BesselI0e',
  I1e: 'BesselI1e',
  Lgamma: 'Lgamma',
  Ndtri: 'Ndtri',
  Xdivy: 'Xdivy',
  Xlog1py: 'Xlog1py',
  Xlogy: 'Xlogy',
};

/** Runs a kernel as a TensorFlow op; `undefined` where there is none. */
export function runTensorFlowOp(
  kernelName: string,
  inputs: readonly tfjs.TensorInfo[],
  backend: TensorFlowBackend,
): tfjs.TensorInfo | undefined {
  if (!Object.hasOwn(TENSORFLOW_OPS, kernelName)) return undefined;
  const { TF_ATTR_TYPE, TF_FLOAT } = backend.binding;
  const attributes = [{ name: 'T', type: TF_ATTR_TYPE, value: TF_FLOAT }];
  return backend.executeSingleOutput(TENSORFLOW_OPS[kernelName], attributes, inputs);
}
