/** Kernels as functions, for gradient rules: no wrappers, no literals. */
import * as tfjs from '@tensorflow/tfjs';
import type { Shape } from '../data/nd-array';
import type { KernelName } from '../kernels';
import { sameShape } from '../kernels/attrs';
import { runKernel } from '../kernels/run';
import { broadcastShapes } from '../kernels/strided';

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

/** `t` where the condition holds, else `e`. tfjs's own backends do not broadcast inside Select. */
export function select(condition: T, t: T, e: T): T {
  if (selectBroadcasts() || (sameShape(condition.shape, t.shape) && sameShape(t.shape, e.shape))) {
    return runKernel('Select', { condition, t, e });
  }
  const shape = broadcastShapes(broadcastShapes(condition.shape, t.shape), e.shape);
  const [c, x, y] = [condition, t, e].map((operand) => broadcastTo(operand, shape));
  return runKernel('Select', { condition: c, t: x, e: y });
}

/** Backends of 64-bit floats (ours and the tracing one) take the kernels as the table has them. */
const selectBroadcasts = (): boolean => (tfjs.backend().floatPrecision() as number) === 64;

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

/** tfjs's own backends have no such kernel, and repeat by Tile. */
export function broadcastTo(x: T, shape: Shape): T {
  if (sameShape(x.shape, shape)) return identity(x);
  if (tfjs.getKernel('BroadcastTo', tfjs.getBackend()) == null) return tfjs.broadcastTo(x, shape as [number]);
  return runKernel('BroadcastTo', { x }, { shape: [...shape] });
}

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
