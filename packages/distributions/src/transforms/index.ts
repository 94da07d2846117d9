/** Transforms: differentiable maps with log-determinants. Exported as the namespace `transforms`. */
export {
  defineTransform,
  isTransform,
  type Intermediates,
  type Transform,
  type TransformSpec,
} from './transform';
export { InverseTransform } from './inverse';
export { ComposeTransform } from './compose';
export { IndependentTransform } from './independent';
export {
  AbsTransform,
  ELUTransform,
  ExpTransform,
  IdentityTransform,
  LeakyReLUTransform,
  SigmoidTransform,
  SoftplusTransform,
  TanhTransform,
} from './elementwise';
export { AffineTransform } from './affine';
export { PositivePowerTransform, PowerTransform } from './power';
export { StickBreakingTransform } from './stick-breaking';
export { OrderedTransform, PositiveOrderedTransform, SimplexToOrderedTransform } from './ordered';
export { L1BallTransform, Normalize, SoftmaxTransform } from './normalized';
export { ZeroSumTransform } from './zero-sum';
export { CorrCholeskyTransform } from './corr-cholesky';
export {
  LowerCholeskyTransform,
  ScaledUnitLowerCholeskyTransform,
  SoftplusLowerCholeskyTransform,
  UnitLowerCholeskyTransform,
} from './lower-cholesky';
export { CholeskyTransform, CorrMatrixCholeskyTransform, PositiveDefiniteTransform } from './cholesky';
export {
  DiscreteCosineTransform,
  HaarTransform,
  LowerCholeskyAffine,
  RecursiveLinearTransform,
} from './linear';
export { PermuteTransform, ReshapeTransform } from './rearrange';
export { CatTransform, StackTransform } from './pieces';
export { CumulativeDistributionTransform } from './cumulative-distribution';
export type { TransformFactory, TransformRegistry } from './registry';
