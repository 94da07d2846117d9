/** Constraints: the sets in which parameters and values live. Exported as the namespace `constraints`. */
export { defineConstraint, isConstraint, type Constraint, type ConstraintSpec } from './constraint';
export { real, realMatrix, realVector } from './real';
export {
  greaterThan,
  greaterThanEq,
  lessThan,
  lessThanEq,
  nonnegative,
  positive,
  softplusPositive,
} from './half-line';
export { circular, halfOpenInterval, interval, openInterval, unitInterval } from './interval';
export {
  boolean,
  integer,
  integerGreaterThan,
  integerInterval,
  multinomial,
  nonnegativeInteger,
  oneHot,
  positiveInteger,
} from './discrete';
export { l1Ball, simplex, sphere, zeroSum } from './vector';
export { orderedVector, positiveOrderedVector } from './ordered';
export {
  corrCholesky,
  corrMatrix,
  lowerCholesky,
  lowerTriangular,
  positiveDefinite,
  positiveSemidefinite,
  scaledUnitLowerCholesky,
  softplusLowerCholesky,
  square,
  symmetric,
  unitLowerCholesky,
} from './matrix';
export { cat, independent, stack } from './composite';
export { dependent, isDependent } from './dependent';
export { detachConstraint } from './detach';
