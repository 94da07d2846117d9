/** What the gradients of control kernels have in common: cotangents exist for floats alone. */
import { runKernel, type tf, type TensorSpec } from '@pyro-ts/ops';
import { specOf } from './subgraph';

export const isFloat = ({ dtype }: TensorSpec): boolean => dtype === 'float32';

export const zeros = (shape: readonly number[]): tf.Tensor =>
  runKernel('Fill', {}, { shape: [...shape], value: 0, dtype: 'float32' });

/** Σ ⟨output, cotangent⟩ over the outputs that are floats. */
export function pairing(outputs: readonly tf.Tensor[], cotangents: readonly tf.Tensor[]): tf.Tensor {
  let at = 0;
  let total: tf.Tensor = zeros([]);
  for (const output of outputs) {
    if (!isFloat(specOf(output))) continue;
    const product = runKernel('Multiply', { a: output, b: cotangents[at++] });
    const axis = output.shape.map((_, i) => i);
    total = runKernel('Add', { a: total, b: runKernel('Sum', { x: product }, { axis, keepDims: false }) });
  }
  return total;
}

/** One gradient for each input of a kernel: those given for the floats in their order, zeros for the others. */
export function forInputs(inputs: readonly tf.Tensor[], grads: readonly tf.Tensor[]): tf.Tensor[] {
  let at = 0;
  return inputs.map((input) => (isFloat(specOf(input)) ? grads[at++] : zeros(input.shape)));
}
