/** Ops that do better than tfjs's own wrappers: any axis, any rank, fewer kernels. Same arguments and results. */
import * as tfjs from '@tensorflow/tfjs';
import { lift, type TensorLike } from '../data/tensor-like';
import { resolveAxis, sameShape } from '../kernels/attrs';
import { runKernel } from '../kernels/run';
import { logsumexp } from '../special/logsumexp';
import { inScope } from './exact';
import type { KernelName } from '../kernels';

/** Whether the active backend runs a kernel of ours under its own name. */
function has(name: KernelName): boolean {
  return tfjs.getKernel(name, tfjs.getBackend()) != null;
}

/** Backends of 64-bit floats are ours: there Select broadcasts by itself. */
function isOurs(): boolean {
  return (tfjs.backend().floatPrecision() as number) === 64;
}

/** tf.broadcastTo at any rank, as one kernel where the backend has it (tfjs goes through Tile). */
export const broadcastTo: typeof tfjs.broadcastTo = <R extends tfjs.Rank>(
  x: tfjs.Tensor | tfjs.TensorLike,
  shape: tfjs.ShapeMap[R],
) =>
  inScope(() => {
    const input = lift(x as TensorLike);
    if (!has('BroadcastTo')) return tfjs.broadcastTo<R>(input, shape);
    if (sameShape(input.shape, shape)) return runKernel('Identity', { x: input }) as tfjs.Tensor<R>;
    return runKernel('BroadcastTo', { x: input }, { shape: [...shape] }) as tfjs.Tensor<R>;
  });

/** tf.where without copies of broadcast operands. */
export const where: typeof tfjs.where = <T extends tfjs.Tensor>(
  condition: tfjs.Tensor | tfjs.TensorLike,
  a: T | tfjs.TensorLike,
  b: T | tfjs.TensorLike,
): T =>
  inScope(() => {
    const c = lift(condition as TensorLike, 'bool');
    const [t, e] = [lift(a as TensorLike), lift(b as TensorLike)];
    return isOurs() ? (runKernel('Select', { condition: c, t, e }) as T) : tfjs.where(c, t as T, e as T);
  });

/** tf.softmax along any axis. */
export const softmax: typeof tfjs.softmax = <T extends tfjs.Tensor>(
  logits: T | tfjs.TensorLike,
  dim = -1,
): T =>
  inScope(() => {
    const x = lift(logits as TensorLike, 'float32');
    if (!isOurs()) return tfjs.softmax(x as T, dim);
    return runKernel('Softmax', { logits: x }, { dim: resolveAxis(dim, x.rank) }) as T;
  });

/** tf.logSoftmax along any axis, as one kernel. */
export const logSoftmax: typeof tfjs.logSoftmax = <T extends tfjs.Tensor>(
  logits: T | tfjs.TensorLike,
  axis = -1,
): T =>
  inScope(() => {
    const x = lift(logits as TensorLike, 'float32');
    if (!isOurs()) return tfjs.logSoftmax(x as T, axis);
    return runKernel('LogSoftmax', { logits: x }, { axis: resolveAxis(axis, x.rank) }) as T;
  });

/** tf.logSumExp with a gradient that is finite at −∞. */
export const logSumExp: typeof tfjs.logSumExp = <T extends tfjs.Tensor>(
  x: tfjs.Tensor | tfjs.TensorLike,
  axis?: number | number[] | null,
  keepDims = false,
): T => inScope(() => logsumexp(x as TensorLike, axis ?? undefined, keepDims) as T);

/** tf.eye with batches of any rank. */
export const eye: typeof tfjs.eye = (rows, columns, batchShape, dtype) =>
  inScope(() => {
    const matrix = tfjs.eye(rows, columns, undefined, dtype);
    if (batchShape === undefined || (batchShape as number[]).length === 0) return matrix;
    return broadcastTo(matrix, [...(batchShape as number[]), ...matrix.shape] as [number, number]);
  });

/** tf.oneHot for any depth from 1 (tfjs asks for 2). */
export const oneHot: typeof tfjs.oneHot = (indices, depth, onValue = 1, offValue = 0, dtype = 'int32') =>
  inScope(() =>
    runKernel(
      'OneHot',
      { indices: lift(indices as TensorLike, 'int32') },
      { depth, onValue, offValue, dtype },
    ),
  );

/** tf.batchNorm as arithmetic, for any rank that broadcasts: scale (x − mean) / √(variance + ε) + offset. */
export const batchNorm: typeof tfjs.batchNorm = <R extends tfjs.Rank>(
  x: tfjs.Tensor | tfjs.TensorLike,
  mean: tfjs.Tensor | tfjs.TensorLike,
  variance: tfjs.Tensor | tfjs.TensorLike,
  offset?: tfjs.Tensor | tfjs.TensorLike,
  scale?: tfjs.Tensor | tfjs.TensorLike,
  varianceEpsilon = 0.001, // tfjs's default
) =>
  inScope(() => {
    const centred = tfjs.sub(lift(x as TensorLike), lift(mean as TensorLike));
    const spread = tfjs.sqrt(tfjs.add(lift(variance as TensorLike), lift(varianceEpsilon)));
    const standard = tfjs.div(centred, spread);
    const scaled = scale === undefined ? standard : tfjs.mul(standard, lift(scale as TensorLike));
    return (offset === undefined ? scaled : tfjs.add(scaled, lift(offset as TensorLike))) as tfjs.Tensor<R>;
  });

export const batchNorm2d = batchNorm as typeof tfjs.batchNorm2d;
export const batchNorm3d = batchNorm as typeof tfjs.batchNorm3d;
export const batchNorm4d = batchNorm as typeof tfjs.batchNorm4d;
