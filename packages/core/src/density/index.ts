export { findLayout, type LatentSite, type Layout } from './layout';
export { logDensity, potentialEnergy } from './log-density';
export { logLikelihood, type LogLikelihoodOptions } from './log-likelihood';
export { unconstrained, type LatentMeeting, type UnconstrainedSource } from './unconstrain-handler';
export {
  unconstrainModel,
  type DensityTerm,
  type JointDensity,
  type JointTerm,
  type UnconstrainedModel,
  type UnconstrainOptions,
} from './unconstrained-model';
export { withoutValidation, withValidation } from './validation';
