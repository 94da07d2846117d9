/**
 * Derivatives of the special functions, by kernels that are differentiable themselves. Only the derivatives of the incomplete
 * functions by their shape parameters have no further derivative in those: asking for one is an error.
 */
import type * as tfjs from '@tensorflow/tfjs';
import { ValueError } from '../errors';
import * as p from '../gradients/primitives';
import type { GradientEntry, GradientRow } from '../gradients/row';
import { broadcasting, fromBoth, fromInput, fromOutput } from '../gradients/row';
import { numberAttr } from '../kernels/attrs';
import type { KernelName } from '../kernels';
import { runKernel } from '../kernels/run';

type T = tfjs.Tensor;

const TWO_OVER_SQRT_PI = 2 / Math.sqrt(Math.PI);
const SQRT_TWO_OVER_PI = Math.sqrt(2 / Math.PI);
const SQRT_TWO_PI = Math.sqrt(2 * Math.PI);
/** log √(2π), as `stirling.ts` has it. */
const LOG_SQRT_TWO_PI = 0.9189385332046728;

const unary =
  (name: KernelName) =>
  (x: T): T =>
    runKernel(name, { x });
const digamma = unary('Digamma');
const expm1 = unary('Expm1');
const polygamma = (n: number, x: T): T => runKernel('Polygamma', { x }, { n });
const xlogy = (x: T, y: T): T => runKernel('Xlogy', { x, y });
const xlog1py = (x: T, y: T): T => runKernel('Xlog1py', { x, y });
const ternary = (name: KernelName, a: T, b: T, x: T): T => runKernel(name, { a, b, x });

/** log density of Gamma(a, 1) and of Beta(a, b). */
const gammaLogDensity = (a: T, x: T): T =>
  p.sub(p.sub(xlogy(p.plus(a, -1), x), x), runKernel('Lgamma', { x: a }));
const betaLogDensity = (a: T, b: T, x: T): T =>
  p.sub(p.add(xlogy(p.plus(a, -1), x), xlog1py(p.plus(b, -1), p.neg(x))), runKernel('Betaln', { a, b }));

/** e^(scale · x²). */
const gaussian = (x: T, scale: number): T => p.exp(p.scale(p.square(x), scale));

function unsupported(kernel: string, input: string): () => T {
  return () => {
    throw new ValueError(
      `${kernel} has no derivative by '${input}': it is itself a derivative by a shape parameter\n` +
        `  Fix: differentiate once only by the parameters of incomplete gamma and beta functions, or stopGradient them.`,
    );
  };
}

/** P(a, x) (sign 1) and Q(a, x) (sign −1). */
const incompleteGamma = (sign: 1 | -1): GradientRow =>
  broadcasting(
    (dy, a, x) => p.mul(p.scale(dy, sign), runKernel('GammaincGradA', { a, x })),
    (dy, a, x) => p.mul(p.scale(dy, sign), p.exp(gammaLogDensity(a, x))),
    ['a', 'x'],
  );

/** ψ(a + b) − ψ(a) and its like. */
const digammaGap = (more: T, less: T): T => p.sub(digamma(more), digamma(less));

/** d²I/da dx and d²I/db dx are the density times its own log derivative. */
const betaGradient = (kernel: string, own: (a: T, b: T, x: T) => T): GradientRow => ({
  inputsToSave: ['a', 'b', 'x'],
  gradFunc: (dy, [a, b, x]) => ({
    a: unsupported(kernel, 'a'),
    b: unsupported(kernel, 'b'),
    x: () => p.sumTo(p.mul(dy as T, p.mul(p.exp(betaLogDensity(a, b, x)), own(a, b, x))), x.shape),
  }),
});

/** 1 where x = 0 and y ≤ edge, so that 0 · log 0 has derivatives 0; else y. */
const guarded = (x: T, y: T, edge: number, substitute: number): T =>
  p.select(p.and(p.equal(x, p.constant(0)), p.lessEqual(y, p.constant(edge))), p.constant(substitute), y);

/** r(x)/x with its limit ½ at 0. */
const overX = (r: T, x: T): T => {
  const zero = p.equal(x, p.constant(0));
  return p.select(zero, p.constant(0.5), p.div(r, p.select(zero, p.constant(1), x)));
};

/** a − b, and 0 where they are equal: ∞ − ∞ too. */
const gapOf = (a: T, b: T): T => p.keepWhere(notEqual(a, b), p.sub(a, b));
const notEqual = (a: T, b: T): T => runKernel('NotEqual', { a, b });

/** Shares of log(e^a + e^b): sigmoid of the gap; ½ each at a tie, 0 where both are −∞. */
const share = (dy: T, own: T, other: T): T => {
  const both = p.and(p.equal(own, p.constant(-Infinity)), p.equal(other, p.constant(-Infinity)));
  return p.mul(dy, p.select(both, p.constant(0), p.sigmoid(gapOf(own, other))));
};

export const specialGradients = {
  Lgamma: fromInput((dy, x) => p.mul(dy, digamma(x))),
  Digamma: fromInput((dy, x) => p.mul(dy, polygamma(1, x))),
  Polygamma: fromInput((dy, x, attrs) => p.mul(dy, polygamma(numberAttr(attrs, 'n', 1) + 1, x))),
  Betaln: broadcasting(
    (dy, a, b) => p.neg(p.mul(dy, digammaGap(p.add(a, b), a))),
    (dy, a, b) => p.neg(p.mul(dy, digammaGap(p.add(a, b), b))),
  ),
  Lbinom: broadcasting(
    (dy, n, k) => p.mul(dy, digammaGap(p.plus(n, 1), p.plus(p.sub(n, k), 1))),
    (dy, n, k) => p.mul(dy, digammaGap(p.plus(p.sub(n, k), 1), p.plus(k, 1))),
    ['n', 'k'],
  ),
  Gammainc: incompleteGamma(1),
  Gammaincc: incompleteGamma(-1),
  /** ∂²P/∂a∂x = density · (log x − ψ(a)). */
  GammaincGradA: {
    inputsToSave: ['a', 'x'],
    gradFunc: (dy, [a, x]) => ({
      a: unsupported('GammaincGradA', 'a'),
      x: () => {
        const slope = p.mul(p.exp(gammaLogDensity(a, x)), p.sub(p.log(x), digamma(a)));
        return p.sumTo(p.mul(dy as T, slope), x.shape);
      },
    }),
  },
  /** s = −P_a/f gives s_x = −(log x − ψ(a)) − s ((a − 1)/x − 1). */
  RandomGammaGrad: {
    inputsToSave: ['alpha', 'sample'],
    outputsToSave: [true],
    gradFunc: (dy, [alpha, sample, s]) => ({
      alpha: unsupported('RandomGammaGrad', 'alpha'),
      sample: () => {
        const logSlope = p.plus(p.div(p.plus(alpha, -1), sample), -1);
        const slope = p.sub(p.sub(digamma(alpha), p.log(sample)), p.mul(s, logSlope));
        return p.sumTo(p.mul(dy as T, slope), sample.shape);
      },
    }),
  },
  Gammaincinv: broadcasting(
    (dy, a, _q, x) => p.mul(dy, runKernel('RandomGammaGrad', { alpha: a, sample: x })),
    (dy, a, _q, x) => p.mul(dy, p.exp(p.neg(gammaLogDensity(a, x)))),
    ['a', 'p'],
    true,
  ),
  Betainc: {
    inputsToSave: ['a', 'b', 'x'],
    gradFunc: (dy, [a, b, x]) => ({
      a: () => p.sumTo(p.mul(dy as T, ternary('BetaincGradA', a, b, x)), a.shape),
      b: () => p.sumTo(p.mul(dy as T, ternary('BetaincGradB', a, b, x)), b.shape),
      x: () => p.sumTo(p.mul(dy as T, p.exp(betaLogDensity(a, b, x))), x.shape),
    }),
  },
  BetaincGradA: betaGradient('BetaincGradA', (a, b, x) => p.add(p.log(x), digammaGap(p.add(a, b), a))),
  BetaincGradB: betaGradient('BetaincGradB', (a, b, x) =>
    p.add(runKernel('Log1p', { x: p.neg(x) }), digammaGap(p.add(a, b), b)),
  ),
  /** Implicit: x_p = 1/f, x_a = −I_a/f, x_b = −I_b/f. */
  Betaincinv: {
    inputsToSave: ['a', 'b', 'x'],
    outputsToSave: [true],
    gradFunc: (dy, [a, b, probability, x]) => {
      const perDensity = (slope: T): T => p.mul(slope, p.exp(p.neg(betaLogDensity(a, b, x))));
      const implicit = (name: KernelName): T => p.mul(dy as T, perDensity(p.neg(ternary(name, a, b, x))));
      return {
        a: () => p.sumTo(implicit('BetaincGradA'), a.shape),
        b: () => p.sumTo(implicit('BetaincGradB'), b.shape),
        x: () => p.sumTo(perDensity(dy as T), probability.shape),
      };
    },
  },
  Erfc: fromInput((dy, x) => p.mul(p.scale(dy, -TWO_OVER_SQRT_PI), gaussian(x, -1))),
  Erfcx: fromBoth((dy, x, y) => p.mul(dy, p.plus(p.scale(p.mul(x, y), 2), -TWO_OVER_SQRT_PI))),
  Erfinv: fromOutput((dy, y) => p.mul(p.scale(dy, 1 / TWO_OVER_SQRT_PI), gaussian(y, 1))),
  Erfcinv: fromOutput((dy, y) => p.mul(p.scale(dy, -1 / TWO_OVER_SQRT_PI), gaussian(y, 1))),
  Ndtr: fromInput((dy, x) => p.mul(p.scale(dy, 1 / SQRT_TWO_PI), gaussian(x, -0.5))),
  /** φ/Φ = √(2/π)/erfcx(−x/√2): neither numerator nor denominator leaves the range in the left tail. */
  LogNdtr: fromInput((dy, x) =>
    p.div(p.scale(dy, SQRT_TWO_OVER_PI), unary('Erfcx')(p.scale(x, -Math.SQRT1_2))),
  ),
  Ndtri: fromOutput((dy, y) => p.mul(dy, p.exp(p.plus(p.scale(p.square(y), 0.5), LOG_SQRT_TWO_PI)))),
  I0e: fromBoth((dy, x, y) => p.mul(dy, p.sub(unary('I1e')(x), p.mul(p.sign(x), y)))),
  I1e: fromBoth((dy, x, y) => p.mul(dy, p.sub(p.sub(unary('I0e')(x), p.mul(p.sign(x), y)), overX(y, x)))),
  LogI0: fromInput((dy, x) => p.mul(dy, unary('BesselRatio')(x))),
  BesselRatio: fromBoth((dy, x, y) => p.mul(dy, p.sub(p.minusFrom(1, p.square(y)), overX(y, x)))),
  /** log(1 − e^−|x|): 1/(sign(x) expm1|x|). */
  Log1mexp: fromInput((dy, x) => p.div(dy, p.mul(p.sign(x), expm1(runKernel('Abs', { x }))))),
  LogExponent: null,
  LogFraction: fromBoth((dy, x, y) => p.mul(dy, p.div(p.plus(y, 1), x))),
  /** y is 1 + x once more: all of the derivative is by x. */
  LogExcess: broadcasting(
    (dy, x, y) => p.mul(dy, p.div(x, y)),
    (dy) => p.scale(dy, 0),
    ['x', 'y'],
  ),
  Logit: fromInput((dy, x) => p.div(dy, p.mul(x, p.minusFrom(1, x)))),
  Logaddexp: broadcasting(
    (dy, a, b) => share(dy, a, b),
    (dy, a, b) => share(dy, b, a),
  ),
  Logdiffexp: broadcasting(
    (dy, a, b) => p.neg(p.xdivy(dy, expm1(p.sub(b, a)))),
    (dy, a, b) => p.neg(p.xdivy(dy, expm1(p.sub(a, b)))),
  ),
  Xlogy: broadcasting(
    (dy, x, y) => xlogy(dy, guarded(x, y, 0, 1)),
    (dy, x, y) => p.xdivy(p.mul(dy, x), guarded(x, y, 0, 1)),
    ['x', 'y'],
  ),
  Xlog1py: broadcasting(
    (dy, x, y) => xlog1py(dy, guarded(x, y, -1, 0)),
    (dy, x, y) => p.xdivy(p.mul(dy, x), p.plus(guarded(x, y, -1, 0), 1)),
    ['x', 'y'],
  ),
} satisfies Record<string, GradientEntry>;
