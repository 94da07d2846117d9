/** Kernels as functions, for gradient rules: no wrappers, no literals. */
import type * as tfjs from '@tensorflow/tfjs';
import type { Shape } from '../data/nd-array';
import type { KernelName } from '../kernels';
import { sameShape } from '../kernels/attrs';
import { runKernel } from '../kernels/run';

type T = tfjs.Tensor;

const one =
  (name: KernelName) =>
  (x: T): T =>
    runKernel(name, { x });
const two =
  (name: KernelName) =>
  (a: T, b: T): T =>
    runKernel(name, { a, b });

export const neg = one('Neg');
export const exp = one('Exp');
export const log = one('Log');
export const sqrt = one('Sqrt');
export const square = one('Square');
export const sign = one('Sign');
export const sin = one('Sin');
export const cos = one('Cos');
export const sinh = one('Sinh');
export const cosh = one('Cosh');
export const floor = one('Floor');
export const sigmoid = one('Sigmoid');
export const identity = one('Identity');
export const add = two('Add');
export const sub = two('Sub');
export const mul = two('Multiply');
export const div = two('RealDiv');
export const pow = two('Pow');
/** a / b, and 0 where a is 0: cotangents that are zero stay zero next to a pole. */
export const xdivy = two('Xdivy');
export const equal = two('Equal');
export const greater = two('Greater');
export const greaterEqual = two('GreaterEqual');
export const lessEqual = two('LessEqual');
export const and = two('LogicalAnd');

/** A float tensor of one value. */
export const fill = (shape: Shape, value: number): T =>
  runKernel('Fill', {}, { shape: [...shape], value, dtype: 'float32' });

export const constant = (value: number): T => fill([], value);

/** c·x */
export const scale = (x: T, c: number): T => mul(x, constant(c));

/** x + c */
export const plus = (x: T, c: number): T => add(x, constant(c));

/** c − x */
export const minusFrom = (c: number, x: T): T => sub(constant(c), x);

export const cast = (x: T, dtype: 'float32' | 'int32' | 'bool'): T => runKernel('Cast', { x }, { dtype });

/** `t` where the condition holds, else `e`; both may be scalars. */
export const select = (condition: T, t: T, e: T): T => runKernel('Select', { condition, t, e });

/** `x` where the condition holds, else 0: no product, so that an infinite `x` vanishes too. */
export const keepWhere = (condition: T, x: T): T => select(condition, x, fill(x.shape, 0));

export const reshape = (x: T, shape: Shape): T => runKernel('Reshape', { x }, { shape: [...shape] });

export const transpose = (x: T, perm: readonly number[]): T =>
  runKernel('Transpose', { x }, { perm: [...perm] });

export const sum = (x: T, axis: readonly number[], keepDims = false): T =>
  runKernel('Sum', { x }, { axis: [...axis], keepDims });

export const slice = (x: T, begin: readonly number[], size: readonly number[]): T =>
  runKernel('Slice', { x }, { begin: [...begin], size: [...size] });

export const matMul = (a: T, b: T, transposeA: boolean, transposeB: boolean): T =>
  runKernel('BatchMatMul', { a, b }, { transposeA, transposeB });

export const broadcastTo = (x: T, shape: Shape): T =>
  sameShape(x.shape, shape) ? identity(x) : runKernel('BroadcastTo', { x }, { shape: [...shape] });

/** Adjoint of broadcasting: sums `x` down to `shape`. Always a new tensor. */
export function sumTo(x: T, shape: Shape): T {
  if (sameShape(x.shape, shape)) return identity(x);
  const lead = x.shape.length - shape.length;
  const leading = Array.from({ length: lead }, (_, i) => i);
  const inner = shape.flatMap((n, i) => (n === 1 && x.shape[lead + i] !== 1 ? [lead + i] : []));
  if (inner.length === 0) return sum(x, leading);
  const reduced = sum(x, [...leading, ...inner], true);
  return lead === 0 ? reduced : reshape(reduced, shape);
}
