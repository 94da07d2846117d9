/** Special functions of numbers in double precision: pure, independent of tensors. */
export { besselRatio, i0e, i1e, logI0 } from './bessel';
export { betaln, lbinom } from './betaln';
export { erf, erfc, erfcx } from './erf';
export { erfcinv, erfinv, ndtri } from './erf-inverse';
export { lgamma, lgamma1p, mvlgamma } from './lgamma';
export {
  expm1,
  log1mexp,
  log1p,
  logaddexp,
  logdiffexp,
  logit,
  logSigmoid,
  sigmoid,
  softplus,
  xlog1py,
  xlogy,
} from './log-exp-family';
export { logExcess, logExponent, logFraction } from './log-parts';
export { logNdtr, ndtr } from './normal-cdf';
export { digamma, polygamma, trigamma } from './polygamma';
export { betainc, betaincGradA, betaincGradB } from './incomplete-beta';
export { betaincinv } from './incomplete-beta-inverse';
export { gammainc, gammaincc } from './incomplete-gamma';
export { gammaincGradA, standardGammaGrad } from './incomplete-gamma-gradient';
export { gammaincinv } from './incomplete-gamma-inverse';
