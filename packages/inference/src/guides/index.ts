/** Guides made from models. */
export { AutoDelta } from './auto-delta';
export { AutoDiagonalNormal } from './auto-diagonal-normal';
export {
  AutoLaplaceApproximation,
  type LaplaceGuide,
  type LaplaceResult,
} from './auto-laplace-approximation';
export { AutoMultivariateNormal } from './auto-multivariate-normal';
export { AutoNormal } from './auto-normal';
export type { AutoGuide, AutoGuideOptions, PosteriorOptions, SiteValues } from './auto-guide';
