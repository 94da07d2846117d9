/** Starting values of inference. */
export {
  findInitialValues,
  initialized,
  isolated,
  type FindInitialValuesOptions,
  type InitialValues,
} from './find-initial-values';
export {
  initToFeasible,
  initToMean,
  initToMedian,
  initToSample,
  initToUniform,
  initToValue,
} from './strategies';
export { defineStrategy, type InitSite, type InitStrategy } from './strategy';
export { isFiniteData } from './unconstrained';
