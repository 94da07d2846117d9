/** Optimisers and learning-rate schedules. Exported as the namespace `optim`. */
export { Adam, AdamW, ClippedAdam, type AdamOptions, type ClippedAdamOptions } from './adam';
export { Adagrad, RMSProp, SGD, type AdagradOptions, type RMSPropOptions, type SGDOptions } from './sgd';
export {
  defineOptimizer,
  type LearningRate,
  type Optimizer,
  type OptimState,
  type OptimStep,
  type Options,
  type Rule,
  type RuleInput,
  type Segment,
  type TraceableUpdate,
} from './optimizer';
export { constant, cosineDecay, exponentialDecay, piecewise, warmup, type Schedule } from './schedules';
