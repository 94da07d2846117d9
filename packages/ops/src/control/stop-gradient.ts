import type * as tfjs from '@tensorflow/tfjs';
import { lift, type TensorLike } from '../data/tensor-like';
import { runKernel } from '../kernels/run';

/** `x` as a constant: same values, gradient zero. Shape and dtype are those of `x`. */
export function stopGradient(x: TensorLike): tfjs.Tensor {
  return runKernel('StopGradient', { x: lift(x) });
}
