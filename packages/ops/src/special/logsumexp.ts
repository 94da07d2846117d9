/** log Σ e^x, with a gradient that is finite wherever the value has a meaning. */
import * as tfjs from '@tensorflow/tfjs';
import { lift, type TensorLike } from '../data/tensor-like';
import * as p from '../gradients/primitives';
import { resolveAxes } from '../kernels/attrs';
import { runKernel } from '../kernels/run';

type T = tfjs.Tensor;

const maximum = (x: T, axes: readonly number[]): T =>
  runKernel('Max', { x }, { reductionIndices: axes, keepDims: true });

/** e^(x − top), the maximum left out if it is infinite: 1 for the infinite terms and 0 for others if it is ∞. */
function termsOf(x: T, top: T): T {
  const shift = p.select(runKernel('IsFinite', { x: top }), top, p.constant(0));
  const infinite = p.cast(p.equal(x, p.constant(Infinity)), 'float32');
  return p.select(p.equal(top, p.constant(Infinity)), infinite, p.exp(p.sub(x, shift)));
}

/**
 * The derivative e^x / Σ e^x, from the exponentials that the value is made of (computed anew here: a compiled program
 * finds them to be the same). 0 where the sum is 0.
 */
function shares(x: T, axes: readonly number[]): T {
  const terms = termsOf(x, maximum(x, axes));
  const total = p.sum(terms, axes, true);
  const isNull = p.equal(total, p.constant(0));
  const perTotal = p.div(p.constant(1), p.select(isNull, p.constant(1), total));
  return p.mul(terms, perTotal);
}

/** Keeps the reduced axes, with length 1. */
function reduce(x: T, axes: readonly number[]): T {
  const top = maximum(x, axes);
  return p.add(p.log(p.sum(termsOf(x, top), axes, true)), top);
}

/**
 * log Σ e^x over `axis` (default: all). The maximum is taken out first. Empty sums and all −∞ give −∞, an
 * infinite term gives ∞; the gradient there is 0 for −∞, and 1/m for each of m infinite terms. Differentiable twice and more.
 * @returns x's shape without `axis`, or with 1 in its place if `keepDims`
 */
export function logsumexp(x: TensorLike, axis?: number | readonly number[], keepDims = false): T {
  return tfjs.tidy(() => {
    const t = lift(x, 'float32');
    const axes = resolveAxes(axis, t.shape);
    const run = tfjs.customGrad((input, save) => {
      const given = input as T;
      const value = reduce(given, axes);
      (save as tfjs.GradSaveFunc)([given]);
      return { value, gradFunc: (dy: T, [saved]: T[]) => p.mul(dy, shares(saved, axes)) };
    });
    const value = run(t);
    const rest = t.shape.filter((_, i) => !axes.includes(i));
    return keepDims ? value : p.reshape(value, rest);
  });
}
