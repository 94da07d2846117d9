/** Runs a kernel of the table by name, on whatever backend is active, recorded for gradients. */
import * as tfjs from '@tensorflow/tfjs';
import type { KernelName } from './index';
import type { Attrs } from './kernel';

export type KernelInputs = Readonly<Record<string, tfjs.Tensor>> | readonly tfjs.Tensor[];

/** A kernel with one output. */
export function runKernel(name: KernelName, inputs: KernelInputs, attrs?: Attrs): tfjs.Tensor {
  return tfjs.engine().runKernel(name, inputs as tfjs.NamedTensorMap, attrs as tfjs.NamedAttrMap);
}

/** A kernel with any number of outputs. */
export function runKernelMulti(name: KernelName, inputs: KernelInputs, attrs?: Attrs): tfjs.Tensor[] {
  return tfjs.engine().runKernel(name, inputs as tfjs.NamedTensorMap, attrs as tfjs.NamedAttrMap);
}
