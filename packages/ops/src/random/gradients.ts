/**
 * Gradients of the random kernels: through a draw only where the draw is a smooth function of its parameter at fixed
 * randomness. That of gamma draws is implicit, dx/da = −(∂P(a, x)/∂a) / p(x; a) at P(a, x) fixed
 * (Figurnov, Mohamed & Mnih, "Implicit reparameterization gradients", 2018).
 */
import type * as tfjs from '@tensorflow/tfjs';
import { runKernel } from '../kernels/run';
import { constant, div, exp, fill, mul, plus, select, sub } from '../gradients/primitives';
import type { GradientEntry, GradientRow } from '../gradients/row';
import type { randomKernels } from './kernels';

type T = tfjs.Tensor;

const gammaGrad = (a: T, x: T): T => runKernel('RandomGammaGrad', { alpha: a, sample: x });
const digamma = (x: T): T => runKernel('Digamma', { x });

/** Below, P(a, x) = x^a / Γ(a + 1) to the last bit of a double: the next term is smaller by a factor x < e^−40. */
const TINY_LOG = -40;

/** d log x / da. In the lower tail (ψ(a + 1) − log x)/a, which needs no x and cannot underflow. */
function logGammaGrad(a: T, logX: T): T {
  const isTiny = runKernel('Less', { a: logX, b: constant(TINY_LOG) });
  const x = exp(select(isTiny, fill(logX.shape, 0), logX));
  const tail = div(sub(digamma(plus(a, 1)), logX), a);
  return select(isTiny, tail, div(gammaGrad(a, x), x));
}

/** Where the draw underflowed to 0, its derivative (of the order of x log x / a) has too. */
function standardGammaGrad(a: T, x: T): T {
  const isZero = runKernel('Equal', { a: x, b: constant(0) });
  return select(isZero, fill(x.shape, 0), gammaGrad(a, select(isZero, fill(x.shape, 1), x)));
}

function implicit(derivative: (concentration: T, draw: T) => T): GradientRow {
  return {
    inputsToSave: ['key', 'concentration'],
    outputsToSave: [true],
    gradFunc: (dy, [key, concentration, draw]) => ({
      key: () => fill(key.shape, 0),
      concentration: () => mul(dy as T, derivative(concentration, draw)),
    }),
  };
}

export const randomGradients: Readonly<Record<keyof typeof randomKernels, GradientEntry>> = {
  PhiloxBits: null,
  PhiloxUniform: null,
  PhiloxOpenUniform: null,
  PhiloxNormal: null,
  PhiloxExponential: null,
  PhiloxGamma: implicit(standardGammaGrad),
  PhiloxLogGamma: implicit(logGammaGrad),
  PhiloxPoisson: null,
  PhiloxBinomial: null,
  PhiloxCategorical: null,
  PhiloxMultinomial: null,
  PhiloxSubsample: null,
  PhiloxFoldKey: null,
};
