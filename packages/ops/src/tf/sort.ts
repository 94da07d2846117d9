/** Sorting, which tfjs lacks: TopK over a whole axis, with its gradient. */
import type * as tfjs from '@tensorflow/tfjs';
import { lift, type TensorLike } from '../data/tensor-like';
import { resolveAxis } from '../kernels/attrs';
import { runKernel, runKernelMulti } from '../kernels/run';
import { inScope } from './exact';

export interface SortOptions {
  /** Default −1, the last. */
  readonly axis?: number;
  /** Default false: smallest first. */
  readonly descending?: boolean;
}

function sorted(x: TensorLike, { axis = -1, descending = false }: SortOptions): tfjs.Tensor[] {
  const input = lift(x);
  if (input.rank === 0) return [input, lift(0, 'int32')];
  const at = resolveAxis(axis, input.rank);
  const swap = input.shape.map((_, i) => (i === at ? input.rank - 1 : i === input.rank - 1 ? at : i));
  const move = (t: tfjs.Tensor): tfjs.Tensor =>
    at === input.rank - 1 ? t : runKernel('Transpose', { x: t }, { perm: swap });
  const moved = move(input);
  const key = descending ? moved : runKernel('Neg', { x: moved });
  const [values, indices] = runKernelMulti('TopK', { x: key }, { k: input.shape[at], sorted: true });
  return [move(descending ? values : runKernel('Neg', { x: values })), move(indices)];
}

/** The values of `x` in order along an axis; equal values keep their order. Shape and dtype of `x`. */
export function sort(x: TensorLike, options: SortOptions = {}): tfjs.Tensor {
  return inScope(() => sorted(x, options)[0].clone());
}

/** The positions (int32) from which `sort` takes its values. */
export function argsort(x: TensorLike, options: SortOptions = {}): tfjs.Tensor {
  return inScope(() => sorted(x, options)[1]);
}
