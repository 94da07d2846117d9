/** Rows of the kernel table for special functions: the scalars of ./scalar, broadcast. */
import { binary, toFloat, unary } from '../kernels/elementwise';
import { numberAttr } from '../kernels/attrs';
import type { KernelSpec } from '../kernels/kernel';
import * as s from './scalar';
import { ternary } from './ternary';

const of = (f: (a: number, b: number) => number, inputs: readonly [string, string]): KernelSpec => ({
  ...binary(f, toFloat),
  inputs,
});

export const specialKernels = {
  Lgamma: unary(s.lgamma),
  Digamma: unary(s.digamma),
  /** Attribute n: the order. */
  Polygamma: unary(s.trigamma, toFloat, (attrs) => {
    const n = numberAttr(attrs, 'n', 1);
    return (x) => s.polygamma(n, x);
  }),
  Betaln: binary(s.betaln, toFloat),
  Lbinom: of(s.lbinom, ['n', 'k']),
  Gammainc: of(s.gammainc, ['a', 'x']),
  Gammaincc: of(s.gammaincc, ['a', 'x']),
  /** ∂P(a, x)/∂a. */
  GammaincGradA: of(s.gammaincGradA, ['a', 'x']),
  /** ∂x/∂a at fixed P(a, x): the derivative of a Gamma(alpha, 1) sample by its concentration (TensorFlow's name). */
  RandomGammaGrad: of(s.standardGammaGrad, ['alpha', 'sample']),
  Gammaincinv: of(s.gammaincinv, ['a', 'p']),
  Betainc: ternary(s.betainc),
  BetaincGradA: ternary(s.betaincGradA),
  BetaincGradB: ternary(s.betaincGradB),
  /** The third input is a probability. */
  Betaincinv: ternary(s.betaincinv),
  Erfc: unary(s.erfc),
  Erfcx: unary(s.erfcx),
  Erfinv: unary(s.erfinv),
  Erfcinv: unary(s.erfcinv),
  Ndtr: unary(s.ndtr),
  LogNdtr: unary(s.logNdtr),
  Ndtri: unary(s.ndtri),
  I0e: unary(s.i0e),
  I1e: unary(s.i1e),
  LogI0: unary(s.logI0),
  BesselRatio: unary(s.besselRatio),
  Log1mexp: unary(s.log1mexp),
  /** log x = LogExponent · ln 2 + log1p(LogFraction). */
  LogExponent: unary(s.logExponent),
  LogFraction: unary(s.logFraction),
  Logit: unary(s.logit),
  Logaddexp: binary(s.logaddexp, toFloat),
  /** x − log y for y = 1 + x. */
  LogExcess: of(s.logExcess, ['x', 'y']),
  Logdiffexp: binary(s.logdiffexp, toFloat),
  Xlogy: of(s.xlogy, ['x', 'y']),
  Xlog1py: of(s.xlog1py, ['x', 'y']),
} satisfies Record<string, KernelSpec>;
