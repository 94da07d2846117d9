/** tfjs's differentiators: points given as numbers keep 53 bits, and a function that throws leaves no tensors behind. */
import * as tfjs from '@tensorflow/tfjs';
import { releaseAbandonedTape } from '../control/scope';
import { callExact } from './exact';

type Call = (...args: unknown[]) => unknown;

/** tfjs keeps what it saved for the backward pass when the function throws; see `scoped`. */
function releasing(f: () => unknown): unknown {
  try {
    return f();
  } catch (error) {
    releaseAbandonedTape();
    throw error;
  }
}

/** `differentiator(f)` is a function of points and cotangents, each a tensor (`n`) or a list of them (`l`). */
function exactPoints<F>(differentiator: F, signature: string): F {
  const make = differentiator as (f: unknown) => Call;
  return ((f: unknown) => {
    const call = make(f);
    return (...args: unknown[]) => releasing(() => callExact(call, undefined, args, signature));
  }) as F;
}

/** tf.grad */
export const grad = exactPoints(tfjs.grad, 'nn');
/** tf.grads */
export const grads = exactPoints(tfjs.grads, 'ln');
/** tf.valueAndGrad */
export const valueAndGrad = exactPoints(tfjs.valueAndGrad, 'nn');
/** tf.valueAndGrads */
export const valueAndGrads = exactPoints(tfjs.valueAndGrads, 'ln');
/** tf.variableGrads */
export const variableGrads: typeof tfjs.variableGrads = (f, variables) =>
  releasing(() => tfjs.variableGrads(f, variables)) as ReturnType<typeof tfjs.variableGrads>;
