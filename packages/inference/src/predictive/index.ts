/** Predictive distributions. */
export { Predictive, type PredictiveOptions } from './predictive';
export type { Draws } from './draws';
export { logLikelihood } from './log-likelihood';
