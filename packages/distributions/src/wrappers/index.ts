/** Distributions made of distributions, and those made of nothing else. */
export { Independent } from './independent';
export { ExpandedDistribution } from './expanded';
export { MaskedDistribution } from './masked';
export { TransformedDistribution } from './transformed';
export { Delta } from './delta';
export { Unit } from './unit';
export { ImproperUniform } from './improper-uniform';
export { MixtureSameFamily } from './mixture-same-family';
