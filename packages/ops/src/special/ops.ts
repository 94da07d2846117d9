/** The special functions on anything tensor-like: elementwise, broadcasting, differentiable, float64 on `ref64`. */
import * as tfjs from '@tensorflow/tfjs';
import { lift, type TensorLike } from '../data/tensor-like';
import { ValueError } from '../errors';
import * as p from '../gradients/primitives';
import type { KernelName } from '../kernels';
import { runKernel } from '../kernels/run';

type Unary = (x: TensorLike) => tfjs.Tensor;
type Binary = (a: TensorLike, b: TensorLike) => tfjs.Tensor;
type Ternary = (a: TensorLike, b: TensorLike, x: TensorLike) => tfjs.Tensor;

const float = (x: TensorLike): tfjs.Tensor => lift(x, 'float32');
const unary =
  (name: KernelName): Unary =>
  (x) =>
    tfjs.tidy(() => runKernel(name, { x: float(x) }));
const binary =
  (name: KernelName, first = 'a', second = 'b'): Binary =>
  (a, b) =>
    tfjs.tidy(() => runKernel(name, { [first]: float(a), [second]: float(b) }));
const ternary =
  (name: KernelName): Ternary =>
  (a, b, x) =>
    tfjs.tidy(() => runKernel(name, { a: float(a), b: float(b), x: float(x) }));

/** log|Γ(x)|; 4 ulp (absolute 2e-30 next to roots on the negative axis); ∞ at the poles. Derivative ψ. */
export const lgamma = unary('Lgamma');
/** ψ(x) = d log Γ/dx; 4 ulp; −∞ at 0, NaN at −1, −2, …. Derivative ψ′. */
export const digamma = unary('Digamma');
/** ψ⁽ⁿ⁾(x), n = 0, 1, 2, … a static number; 6 ulp for x > 0. Derivative ψ⁽ⁿ⁺¹⁾. @throws {ValueError} for other n */
export function polygamma(n: number, x: TensorLike): tfjs.Tensor {
  if (!Number.isInteger(n) || n < 0) {
    throw new ValueError(`polygamma: order ${n} is not a non-negative integer\n  Fix: pass 0, 1, 2, ….`);
  }
  return n === 0 ? digamma(x) : tfjs.tidy(() => runKernel('Polygamma', { x: float(x) }, { n }));
}
/** ψ′(x); 4 ulp; ∞ at the poles. */
export const trigamma: Unary = (x) => polygamma(1, x);
/** log Γ_p(a) = p(p − 1)/4 log π + Σ_{j<p} log Γ(a − j/2), p a static number, a > (p − 1)/2. */
export function mvlgamma(a: TensorLike, order: number): tfjs.Tensor {
  return tfjs.tidy(() => {
    const t = float(a);
    let total = p.fill(t.shape, ((order * (order - 1)) / 4) * Math.log(Math.PI));
    for (let j = 0; j < order; j++) total = p.add(total, lgamma(p.plus(t, -j / 2)));
    return total;
  });
}
/** log B(a, b), a, b > 0, relative error 1e-15, however unequal a and b are. */
export const betaln = binary('Betaln');
/** log of the binomial coefficient n over k; exact 0 at k = 0 and k = n, −∞ outside. */
export const lbinom = binary('Lbinom', 'n', 'k');

/** P(a, x), regularised lower incomplete gamma function; relative error 2e-15. Differentiable in both. */
export const gammainc = binary('Gammainc', 'a', 'x');
/** Q(a, x) = 1 − P(a, x); relative error 2e-15. Differentiable in both. */
export const gammaincc = binary('Gammaincc', 'a', 'x');
/** x with P(a, x) = p; differentiable in both (implicitly). */
export const gammaincinv = binary('Gammaincinv', 'a', 'p');
/** ∂P(a, x)/∂a; relative error 1e-14. Differentiable in x only. */
export const gammaincGradA = binary('GammaincGradA', 'a', 'x');
/** ∂x/∂a of a Gamma(a, 1) sample at fixed probability; relative error 1e-14. Differentiable in x only. */
export const standardGammaGrad = binary('RandomGammaGrad', 'alpha', 'sample');
/** I_x(a, b), regularised incomplete beta function; relative error 4e-15 for a + b ≤ 1e5. */
export const betainc = ternary('Betainc');
/** ∂I_x(a, b)/∂a. Differentiable in x only. */
export const betaincGradA = ternary('BetaincGradA');
/** ∂I_x(a, b)/∂b. Differentiable in x only. */
export const betaincGradB = ternary('BetaincGradB');
/** x with I_x(a, b) = p; differentiable in all three (implicitly). */
export const betaincinv = ternary('Betaincinv');

/** erf(x). */
export const erf: Unary = unary('Erf');
/** 1 − erf(x); 4 ulp into the subnormal tail. */
export const erfc = unary('Erfc');
/** e^(x²) erfc(x); 5 ulp. The second derivative cancels for large x. */
export const erfcx = unary('Erfcx');
/** erf⁻¹(y); 3 ulp; ±∞ at ±1, NaN outside. */
export const erfinv = unary('Erfinv');
/** erfc⁻¹(y); 3 ulp; ∞ at 0, −∞ at 2, NaN outside. */
export const erfcinv = unary('Erfcinv');
/** Φ(x); 5 ulp in both tails. */
export const ndtr = unary('Ndtr');
/** log Φ(x); 6 ulp; value and derivative safe in the far left tail. */
export const logNdtr = unary('LogNdtr');
/** Φ⁻¹(p); 4 ulp; ∓∞ at 0 and 1, NaN outside. */
export const ndtri = unary('Ndtri');

/** e^(−|x|) I₀(x); 4 ulp. */
export const i0e = unary('I0e');
/** e^(−|x|) I₁(x); 4 ulp. */
export const i1e = unary('I1e');
/** log I₀(x); 4 ulp. */
export const logI0 = unary('LogI0');
/** I₁(x)/I₀(x); 4 ulp: the derivative of log I₀, the mean resultant length of a von Mises law. */
export const besselRatio = unary('BesselRatio');

/** log(1 − e^−|x|); 2 ulp: either sign of x. −∞ at 0. */
export const log1mexp = unary('Log1mexp');
/**
 * x − log y ≥ 0 for y = 1 + x, both given: near x = −1 the digits are in y, near 0 in x. 40 ulp.
 * The derivative, x/y, is all by x.
 */
export const logExcess = binary('LogExcess', 'x', 'y');
/** log(1 + e^x); 2 ulp. */
export const softplus = unary('Softplus');
/** log sigmoid(x) = −softplus(−x); 2 ulp. */
export const logSigmoid: Unary = (x) => tfjs.tidy(() => p.neg(softplus(p.neg(float(x)))));
/** log(p/(1 − p)); 3 ulp. */
export const logit = unary('Logit');
/** log(e^a + e^b); at ±∞ the limits, with finite gradients (½ each at a tie, 0 where both are −∞). */
export const logaddexp = binary('Logaddexp');
/** log(e^a − e^b), a ≥ b. */
export const logdiffexp = binary('Logdiffexp');
/** x log y, 0 where x = 0; gradients 0 where x = 0 and y ≤ 0. */
export const xlogy = binary('Xlogy', 'x', 'y');
/** x log(1 + y), 0 where x = 0; gradients 0 where x = 0 and y ≤ −1. */
export const xlog1py = binary('Xlog1py', 'x', 'y');
