/** log Σ e^x, with a gradient that is finite wherever the value has a meaning. */
import * as tfjs from '@tensorflow/tfjs';
import { lift, type TensorLike } from '../data/tensor-like';
import * as p from '../gradients/primitives';
import { resolveAxes } from '../kernels/attrs';
import { runKernel } from '../kernels/run';

type T = tfjs.Tensor;

/** The derivative of total = log Σ e^x: e^(x − total); 0 where the total is −∞; shared by the infinite x where it is ∞. */
function shares(x: T, total: T, axes: readonly number[]): T {
  const infinite: T = runKernel('IsInf', { x: total });
  const gap = p.sub(x, p.select(infinite, p.constant(0), total));
  const ordinary = p.exp(p.select(infinite, p.constant(-Infinity), gap));
  const tied = p.and(p.equal(x, p.constant(Infinity)), p.equal(total, p.constant(Infinity)));
  const ties = p.cast(tied, 'float32');
  return p.add(ordinary, p.xdivy(ties, p.sum(ties, axes, true)));
}

/** Keeps the reduced axes, with length 1. */
function reduce(x: T, axes: readonly number[]): T {
  const top: T = runKernel('Max', { x }, { reductionIndices: axes, keepDims: true });
  const shift = p.select(runKernel('IsFinite', { x: top }), top, p.constant(0));
  return p.add(p.log(p.sum(p.exp(p.sub(x, shift)), axes, true)), shift);
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
      (save as tfjs.GradSaveFunc)([given, value]);
      return {
        value,
        gradFunc: (dy: T, saved: T[]) => p.mul(dy, shares(saved[0], saved[1], axes)),
      };
    });
    const value = run(t);
    const rest = t.shape.filter((_, i) => !axes.includes(i));
    return keepDims ? value : p.reshape(value, rest);
  });
}
