/** Unconstrained vectors or matrices → lower triangular matrices with a positive diagonal. */
import { lift, logSigmoid, softplus, tf } from '@pyro-ts/ops';
import {
  lowerCholesky,
  realMatrix,
  realVector,
  scaledUnitLowerCholesky,
  softplusLowerCholesky,
  unitLowerCholesky,
  type Constraint,
} from '../constraints';
import { diagonalOf, identity, lowerMask, sumLast } from '../constraints/parts';
import { pack, strictSlot, triangle, unpack } from './packed';
import { log1mexpNegative } from './scalar';
import { mapLast, replaceLast, triangleSize } from './shapes';
import { defineTransform, type Transform } from './transform';

/** A monotone map of the diagonal into the positive numbers. */
interface DiagonalMap {
  readonly toPositive: (x: tf.Tensor) => tf.Tensor;
  readonly fromPositive: (y: tf.Tensor) => tf.Tensor;
  readonly logSlope: (x: tf.Tensor) => tf.Tensor;
}

const exponential: DiagonalMap = { toPositive: tf.exp, fromPositive: tf.log, logSlope: (x) => x };

const softened: DiagonalMap = {
  toPositive: (x) => softplus(x),
  fromPositive: (y) => tf.add(y, log1mexpNegative(y)),
  logSlope: (x) => logSigmoid(x),
};

const column = (x: tf.Tensor): tf.Tensor => tf.expandDims(x, -1);

/** [n(n−1)/2 strictly lower entries row by row, n diagonal ones] → the two parts. */
function parts(x: tf.Tensor, name: string) {
  const length = x.shape[x.rank - 1];
  const n = triangleSize(length, 0, name);
  const [lower, diagonal] = tf.split(x, [length - n, n], x.rank - 1);
  return { n, lower: unpack(lower, n, strictSlot), diagonal };
}

const vectorShapes = (name: string) => ({
  forwardShape: (shape: readonly number[]) =>
    mapLast(shape, (length) => [triangleSize(length, 0, name), triangleSize(length, 0, name)]),
  inverseShape: (shape: readonly number[]) => {
    const n = shape[shape.length - 1];
    return replaceLast(shape, [n, n], [(n * (n + 1)) / 2], name);
  },
});

/** Vector layout: a bijection, used by `bijectTo`. */
const fromVector = (name: string, codomain: Constraint, map: DiagonalMap): Transform =>
  defineTransform({
    name,
    domain: realVector,
    codomain,
    forward: (x) => {
      const { n, lower, diagonal } = parts(x, name);
      return tf.add(lower, tf.mul(column(map.toPositive(diagonal)), identity(n)));
    },
    backward: (y) => {
      const lower = pack(y, triangle(y.shape[y.rank - 1], -1));
      return tf.concat([lower, map.fromPositive(diagonalOf(y))], y.rank - 2);
    },
    logDet: (x) => sumLast(map.logSlope(parts(x, name).diagonal), 1),
    ...vectorShapes(name),
  });

/** Matrix layout: the upper triangle is ignored, so not a bijection; used by `transformTo`. */
const fromMatrix = (name: string, codomain: Constraint, map: DiagonalMap): Transform =>
  defineTransform({
    name,
    args: { layout: 'matrix' },
    domain: realMatrix,
    codomain,
    forward: (x) => {
      const n = x.shape[x.rank - 1];
      return tf.add(tf.mul(x, lowerMask(n, -1)), tf.mul(column(map.toPositive(diagonalOf(x))), identity(n)));
    },
    backward: (y) => {
      const n = y.shape[y.rank - 1];
      return tf.add(
        tf.mul(y, lowerMask(n, -1)),
        tf.mul(column(map.fromPositive(diagonalOf(y))), identity(n)),
      );
    },
  });

export interface LayoutOptions {
  /** `vector` (default): strictly lower entries row by row, then the diagonal. `matrix`: [n, n], upper part ignored. */
  readonly layout?: 'vector' | 'matrix';
}

const withLayouts =
  (name: string, codomain: Constraint, map: DiagonalMap) =>
  ({ layout = 'vector' }: LayoutOptions = {}): Transform =>
    layout === 'vector' ? fromVector(name, codomain, map) : fromMatrix(name, codomain, map);

/** Diagonal exp x; log|J| = Σ of the diagonal's x. */
export const LowerCholeskyTransform = withLayouts('LowerCholeskyTransform', lowerCholesky, exponential);

/** Diagonal softplus x; log|J| = Σ log σ(x) over the diagonal. */
export const SoftplusLowerCholeskyTransform = withLayouts(
  'SoftplusLowerCholeskyTransform',
  softplusLowerCholesky,
  softened,
);

/** L = D · (unit lower triangular), D = diag softplus x; vector layout. log|J| = Σᵢ (i − 1) log Dᵢ + log σ(xᵢ). */
export const ScaledUnitLowerCholeskyTransform = (): Transform => {
  const name = 'ScaledUnitLowerCholeskyTransform';
  return defineTransform({
    name,
    domain: realVector,
    codomain: scaledUnitLowerCholesky,
    forward: (x) => {
      const { n, lower, diagonal } = parts(x, name);
      return tf.mul(tf.add(lower, identity(n)), column(softplus(diagonal)));
    },
    backward: (y) => {
      const scale = diagonalOf(y);
      const lower = pack(tf.div(y, column(scale)), triangle(y.shape[y.rank - 1], -1));
      return tf.concat([lower, softened.fromPositive(scale)], y.rank - 2);
    },
    logDet: (x) => {
      const { n, diagonal } = parts(x, name);
      const rowLengths = lift(Float64Array.from({ length: n }, (_, i) => i));
      return sumLast(tf.add(tf.mul(tf.log(softplus(diagonal)), rowLengths), logSigmoid(diagonal)), 1);
    },
    ...vectorShapes(name),
  });
};

/** [n, n] → ones on the diagonal, the strictly lower entries kept, the rest ignored. Not a bijection. */
export const UnitLowerCholeskyTransform = (): Transform => {
  const unit = (x: tf.Tensor): tf.Tensor => {
    const n = x.shape[x.rank - 1];
    return tf.add(tf.mul(x, lowerMask(n, -1)), identity(n));
  };
  return defineTransform({
    name: 'UnitLowerCholeskyTransform',
    domain: realMatrix,
    codomain: unitLowerCholesky,
    forward: unit,
    backward: (y) => y,
  });
};
