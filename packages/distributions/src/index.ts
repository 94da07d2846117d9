export * as constraints from './constraints';
export { defineConstraint, isConstraint, type Constraint, type ConstraintSpec } from './constraints';
export * as transforms from './transforms';
export { defineTransform, isTransform, type Transform, type TransformSpec } from './transforms';
export { bijectTo, transformTo } from './transforms/biject-to';
export type { TransformFactory, TransformRegistry } from './transforms';
