/** The rows of `bijectTo` and `transformTo`. */
import { lift, tf, type TensorLike } from '@pyro-ts/ops';
import type { zeroSum } from '../constraints';
import { AffineTransform } from './affine';
import { CholeskyTransform, CorrMatrixCholeskyTransform, PositiveDefiniteTransform } from './cholesky';
import { ComposeTransform } from './compose';
import { CorrCholeskyTransform } from './corr-cholesky';
import { ExpTransform, IdentityTransform, SigmoidTransform, SoftplusTransform } from './elementwise';
import { IndependentTransform } from './independent';
import {
  LowerCholeskyTransform,
  ScaledUnitLowerCholeskyTransform,
  SoftplusLowerCholeskyTransform,
  UnitLowerCholeskyTransform,
} from './lower-cholesky';
import { L1BallTransform, Normalize, SoftmaxTransform } from './normalized';
import { OrderedTransform, PositiveOrderedTransform } from './ordered';
import { boundsOf, makeRegistry, type TransformFactory, type TransformRegistry } from './registry';
import { StickBreakingTransform } from './stick-breaking';
import type { Transform } from './transform';
import { ZeroSumTransform } from './zero-sum';

const difference = (a: TensorLike, b: TensorLike): TensorLike =>
  typeof a === 'number' && typeof b === 'number' ? a - b : tf.sub(lift(a), lift(b));

const above: TransformFactory = (c) =>
  ComposeTransform([ExpTransform(), AffineTransform(boundsOf(c).lowerBound, 1)]);

const below: TransformFactory = (c) =>
  ComposeTransform([ExpTransform(), AffineTransform(boundsOf(c).upperBound, -1)]);

const between: TransformFactory = (c) => {
  const { lowerBound, upperBound } = boundsOf(c);
  return ComposeTransform([
    SigmoidTransform(),
    AffineTransform(lowerBound, difference(upperBound, lowerBound)),
  ]);
};

const overCircle = (): Transform =>
  ComposeTransform([SigmoidTransform(), AffineTransform(-Math.PI, 2 * Math.PI)]);

/** What both tables map alike. */
const shared: Readonly<Record<string, TransformFactory>> = {
  real: IdentityTransform,
  realVector: () => IndependentTransform(IdentityTransform(), 1),
  realMatrix: () => IndependentTransform(IdentityTransform(), 2),
  positive: ExpTransform,
  nonnegative: ExpTransform,
  softplusPositive: SoftplusTransform,
  greaterThan: above,
  greaterThanEq: above,
  lessThan: below,
  lessThanEq: below,
  interval: between,
  openInterval: between,
  halfOpenInterval: between,
  unitInterval: SigmoidTransform,
  circular: overCircle,
  orderedVector: OrderedTransform,
  positiveOrderedVector: PositiveOrderedTransform,
  corrCholesky: CorrCholeskyTransform,
  corrMatrix: () => ComposeTransform([CorrCholeskyTransform(), CorrMatrixCholeskyTransform().inv]),
};

const positiveDefiniteFromVector = (): Transform =>
  ComposeTransform([LowerCholeskyTransform(), CholeskyTransform().inv]);

/** Bijections only, because densities are carried through them. */
const bijections: Readonly<Record<string, TransformFactory>> = {
  ...shared,
  simplex: StickBreakingTransform,
  lowerCholesky: () => LowerCholeskyTransform(),
  softplusLowerCholesky: () => SoftplusLowerCholeskyTransform(),
  scaledUnitLowerCholesky: ScaledUnitLowerCholeskyTransform,
  positiveDefinite: positiveDefiniteFromVector,
  positiveSemidefinite: positiveDefiniteFromVector,
  l1Ball: L1BallTransform,
  zeroSum: (c) => ZeroSumTransform((c as ReturnType<typeof zeroSum>).args.ndims),
};

/** Well-behaved parametrisations for optimisers, which may have more coordinates than the set has dimensions. */
const parametrisations: Readonly<Record<string, TransformFactory>> = {
  ...shared,
  simplex: SoftmaxTransform,
  lowerCholesky: () => LowerCholeskyTransform({ layout: 'matrix' }),
  softplusLowerCholesky: () => SoftplusLowerCholeskyTransform({ layout: 'matrix' }),
  scaledUnitLowerCholesky: ScaledUnitLowerCholeskyTransform,
  unitLowerCholesky: UnitLowerCholeskyTransform,
  positiveDefinite: PositiveDefiniteTransform,
  positiveSemidefinite: PositiveDefiniteTransform,
  sphere: () => Normalize(),
  l1Ball: L1BallTransform,
  zeroSum: bijections.zeroSum,
};

/** The bijection from ℝⁿ onto a constraint; `bijectTo.register` adds rows. */
export const bijectTo: TransformRegistry = makeRegistry('bijectTo', bijections);

/** A map from ℝⁿ onto a constraint, not always one to one; `transformTo.register` adds rows. */
export const transformTo: TransformRegistry = makeRegistry('transformTo', parametrisations);
