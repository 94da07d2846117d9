/** Discrete latent sites, summed out exactly or inferred given the others. */
export { computeMarginals, type ComputeMarginalsOptions } from './compute-marginals';
export { configEnumerate, type ConfigEnumerateOptions } from './config-enumerate';
export { inferDiscrete, type InferDiscreteOptions } from './infer-discrete';
export { unconstrainEnumerated, type EnumeratedModel } from './unconstrain-enumerated';
export type { DiscreteSite } from './survey';
