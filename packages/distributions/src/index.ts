export * as constraints from './constraints';
export { defineConstraint, isConstraint, type Constraint, type ConstraintSpec } from './constraints';
export * as transforms from './transforms';
export { defineTransform, isTransform, type Transform, type TransformSpec } from './transforms';
export { bijectTo, transformTo } from './transforms/biject-to';
export type { TransformFactory, TransformRegistry } from './transforms';
export {
  distributionBrand,
  isDistribution,
  type Distribution,
  type DrawWithIntermediates,
  type SampleOptions,
  type ScoreParts,
} from './distribution';
export { ArgumentError, ConstraintError, ShapeError, UnsupportedError } from './errors';
export { BaseDistribution } from './base';
export * from './family';
export * from './wrappers';
export * from './continuous';
export * from './discrete';
export * from './multivariate';
export * from './kl';
