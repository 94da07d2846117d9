/** Discrete latent sites, summed out exactly. */
export { configEnumerate, type ConfigEnumerateOptions } from './config-enumerate';
export { unconstrainEnumerated, type EnumeratedModel } from './unconstrain-enumerated';
export type { DiscreteSite } from './survey';
