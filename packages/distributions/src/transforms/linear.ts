/** Fixed linear maps of vectors: triangular, orthonormal, recursive. */
import { lift, tf, triangularSolve, type TensorLike } from '@pyro-ts/ops';
import { independent, real, realMatrix, realVector } from '../constraints';
import { diagonalOf, sumLast } from '../constraints/parts';
import { discreteCosineMatrix, haarMatrix } from './orthonormal';
import { batchOf, broadcastShapes, shapeOf } from './shapes';
import { defineTransform, type Transform } from './transform';

const column = (x: tf.Tensor): tf.Tensor => tf.expandDims(x, -1);
const vector = (x: tf.Tensor): tf.Tensor => tf.squeeze(x, [x.rank - 1]);

/**
 * y = loc + L x
 * @param loc [...batch, n]
 * @param scaleTril L, [...batch, n, n], lower triangular with a positive diagonal
 */
export function LowerCholeskyAffine(loc: TensorLike, scaleTril: TensorLike): Transform {
  const outShape = (shape: readonly number[]) => {
    const l = shapeOf(scaleTril);
    const batch = broadcastShapes(batchOf(shape, 1), batchOf(l, 2), batchOf(shapeOf(loc), 1));
    return [...batch, l[l.length - 1]];
  };
  const expanded = (batch: readonly number[]): tf.Tensor => {
    const l = lift(scaleTril);
    return tf.broadcastTo(l, [...broadcastShapes(batch, batchOf(l.shape, 2)), ...l.shape.slice(-2)]);
  };
  return defineTransform({
    name: 'LowerCholeskyAffine',
    args: { loc, scaleTril },
    domain: realVector,
    codomain: realVector,
    forward: (x) => tf.add(lift(loc), sumLast(tf.mul(lift(scaleTril), tf.expandDims(x, -2)), 1)),
    backward: (y) => {
      const centred = tf.sub(y, lift(loc));
      return vector(triangularSolve(expanded(batchOf(centred.shape, 1)), column(centred)));
    },
    logDet: (_, y) => sumLast(tf.log(diagonalOf(expanded(batchOf(y.shape, 1)))), 1),
    forwardShape: outShape,
    inverseShape: outShape,
  });
}

/** Multiplies along an axis, given from the right, by an orthonormal matrix that depends on the length only. */
function orthonormal(
  name: string,
  args: Record<string, number | boolean>,
  dim: number,
  matrix: (n: number) => { readonly forward: TensorLike; readonly backward: TensorLike },
): Transform {
  const eventDim = -dim;
  const along = (x: tf.Tensor, m: TensorLike): tf.Tensor => {
    const axes = x.shape.map((_, i) => i);
    const axis = x.rank + dim;
    const swapped = axes.map((i) => (i === axis ? x.rank - 1 : i === x.rank - 1 ? axis : i));
    const rows = tf.transpose(x, swapped);
    const n = x.shape[axis];
    const product = tf.matMul(tf.reshape(rows, [-1, n]), lift(m), false, true);
    return tf.transpose(tf.reshape(product, rows.shape), swapped);
  };
  return defineTransform({
    name,
    args,
    domain: independent(real, eventDim),
    codomain: independent(real, eventDim),
    forward: (x) => along(x, matrix(x.shape[x.rank + dim]).forward),
    backward: (y) => along(y, matrix(y.shape[y.rank + dim]).backward),
    logDet: (x) => tf.zerosLike(sumLast(x, eventDim)),
  });
}

/**
 * Discrete cosine transform (DCT-II, orthonormal), its frequencies weighted by frequency^smooth so that white noise
 * comes from smoother series; log|J| = 0.
 * @param dim axis, negative
 */
export const DiscreteCosineTransform = (dim = -1, smooth = 0): Transform =>
  orthonormal('DiscreteCosineTransform', { dim, smooth }, dim, (n) => discreteCosineMatrix(n, smooth));

/** Haar wavelet transform, orthonormal; `flip` reverses the series first. log|J| = 0. */
export const HaarTransform = (dim = -1, flip = false): Transform =>
  orthonormal('HaarTransform', { dim, flip }, dim, (n) => haarMatrix(n, flip));

/**
 * yₜ = A yₜ₋₁ + xₜ over the second last axis; log|J| = 0.
 * @param transitionMatrix A, [d, d] @param initialValue y₀, [...batch, d]; default 0
 */
export function RecursiveLinearTransform(transitionMatrix: TensorLike, initialValue?: TensorLike): Transform {
  const times = (y: tf.Tensor): tf.Tensor => sumLast(tf.mul(lift(transitionMatrix), tf.expandDims(y, -2)), 1);
  const first = (step: tf.Tensor): tf.Tensor =>
    initialValue === undefined ? tf.zerosLike(step) : tf.broadcastTo(lift(initialValue), step.shape);
  return defineTransform({
    name: 'RecursiveLinearTransform',
    args: { transitionMatrix, initialValue },
    domain: realMatrix,
    codomain: realMatrix,
    forward: (x) => {
      const steps = tf.unstack(x, x.rank - 2);
      let state = first(steps[0]);
      return tf.stack(
        steps.map((step) => (state = tf.add(times(state), step))),
        x.rank - 2,
      );
    },
    backward: (y) => {
      const steps = tf.unstack(y, y.rank - 2);
      const before = tf.stack([first(steps[0]), ...steps.slice(0, -1)], y.rank - 2);
      return tf.sub(y, times(before));
    },
    logDet: (x) => tf.zerosLike(sumLast(x, 2)),
  });
}
