export {
  EnumerationError,
  GuideError,
  InitializationError,
  CheckpointError,
  McmcError,
  NonFiniteLossError,
  PredictiveError,
  SviError,
} from './errors';
export * from './mcmc';
export { dualAveraging, type DualAveraging, type DualAveragingState } from './adaptation/dual-averaging';
export { findReasonableStepSize } from './adaptation/step-size-search';
export { welfordCovariance, welfordVariance, type Welford, type WelfordState } from './adaptation/welford';
export {
  windowAdaptation,
  type AdaptationState,
  type WindowAdaptation,
} from './adaptation/window-adaptation';
export { overlappingAdaptation } from './adaptation/overlapping-adaptation';
export { warmupWindows, type Window } from './adaptation/windows';
export { hmcSampler, jsHmcSampler, type HmcOptions } from './hmc/hmc';
export type { Sampler, Transition, TransitionInfo } from './hmc/sampler';
export { leapfrog } from './integrators/leapfrog';
export type { HmcParameters, HmcState, PhasePoint } from './integrators/phase-point';
export type { LogDensity } from './log-density/log-density';
export { compiledLogDensity, compiledOrEager } from './log-density/compiled-log-density';
export {
  eagerLogDensity,
  makeLogDensity,
  type DensityCompiler,
  type HeldLogDensity,
} from './log-density/model-log-density';
export { blockFamily } from './metrics/blocks';
export { denseFamily, denseMetric } from './metrics/dense';
export { diagonalFamily, diagonalMetric } from './metrics/diagonal';
export { gradientDiagonalFamily } from './metrics/gradient-diagonal';
export { lowRankMetric } from './metrics/low-rank';
export { lowRankFamily } from './metrics/low-rank-family';
export type { Metric, MetricFamily } from './metrics/metric';
export { jsNutsSampler, nutsSampler, type NutsOptions } from './nuts/nuts';
export { Chain, runChain, type ChainConfig, type ChainStep } from './mcmc/chain';
export { driveSlice } from './mcmc/drive';
export { Progress } from './mcmc/progress';
export { ChainRecord } from './mcmc/record';
export { makeFamily, type MetricSpec } from './mcmc/sampler-spec';
export { approach } from './initialization/approach';
export { pathfinder } from './pathfinder/pathfinder';
export { randomSource, type RandomSource } from './random/random-source';
export * as optim from './optim';
export {
  defineStrategy,
  findInitialValues,
  initToFeasible,
  initToMean,
  initToMedian,
  initToSample,
  initToUniform,
  initToValue,
  type FindInitialValuesOptions,
  type InitialValues,
  type InitSite,
  type InitStrategy,
} from './initialization';
export * from './enumeration';
export * from './svi';
export * from './guides';
export * from './predictive';
