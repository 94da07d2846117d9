/** Stochastic variational inference. */
export { SVI, Svi, type SviOptions, type SviStep } from './svi';
export type { SviProgress, SviRunOptions, SviRunResult } from './run';
export type { SviState, SviStateJson } from './state';
export type { Elbo, Problem } from './elbo';
export { TraceELBO, type ElboOptions } from './trace-elbo';
export { TraceEnumELBO, type TraceEnumElboOptions } from './trace-enum-elbo';
export { TraceMeanFieldELBO } from './trace-mean-field-elbo';
export { buildLoss, type StepLoss, type StepLossOptions } from './build-loss';
export {
  compiled as compiledGradients,
  eager as eagerGradients,
  type GradientSource,
  type LossAndGradient,
  type StepEvaluator,
} from './gradient';
export type { ParamValues } from './params';
