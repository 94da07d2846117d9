/** Value-and-gradient graphs written node by node: what the tracer is expected to hand to the executor. */
import { GraphBuilder, type Graph } from '@pyro-ts/compiler';

/** Bernoulli-logit regression with a standard normal prior on [beta]: outputs log density and gradient. */
export function logisticRegression(x: Float64Array, y: Float64Array, n: number, d: number): Graph {
  const g = new GraphBuilder();
  const beta = g.input('beta', [d]);
  const design = g.constant(x, [n, d]);
  const labels = g.constant(y, [n]);
  const column = g.node('Reshape', [beta], { shape: [d, 1] });
  const logits = g.node('Reshape', [g.node('BatchMatMul', [design, column], {})], { shape: [n] });
  const terms = g.node('Sub', [g.node('Multiply', [labels, logits]), g.node('Softplus', [logits])]);
  const likelihood = g.node('Sum', [terms], { axis: [0], keepDims: false });
  const squares = g.node('Sum', [g.node('Square', [beta])], { axis: [0], keepDims: false });
  const prior = g.node('Multiply', [g.constant(-0.5), squares]);
  const logDensity = g.node('Add', [likelihood, prior]);
  const residual = g.node('Sub', [labels, g.node('Sigmoid', [logits])]);
  const residualColumn = g.node('Reshape', [residual], { shape: [n, 1] });
  const product = g.node('BatchMatMul', [design, residualColumn], { transposeA: true, transposeB: false });
  const gradient = g.node('Sub', [g.node('Reshape', [product], { shape: [d] }), beta]);
  return g.finish([logDensity, gradient]);
}

const schoolEffects = Float64Array.of(28, 8, -3, 7, -1, 1, 18, 12);
const schoolErrors = Float64Array.of(15, 10, 16, 11, 9, 11, 10, 18);

/** Eight schools, non-centred, q = [mu, log tau, eta…]; mu ~ N(0, 5), tau ~ HalfCauchy(5). */
export function eightSchools(): Graph {
  const g = new GraphBuilder();
  const q = g.input('q', [10]);
  const at = (begin: number, size: number): number => g.node('Slice', [q], { begin: [begin], size: [size] });
  const scalar = (x: number): number => g.node('Reshape', [x], { shape: [] });
  const c = (x: number): number => g.constant(x);
  const mul = (a: number, b: number): number => g.node('Multiply', [a, b]);
  const sum = (a: number): number => g.node('Sum', [a], { axis: [0], keepDims: false });
  const mu = scalar(at(0, 1));
  const logTau = scalar(at(1, 1));
  const eta = at(2, 8);
  const tau = g.node('Exp', [logTau]);
  const theta = g.node('Add', [mu, mul(tau, eta)]);
  const inverse = g.constant(
    schoolErrors.map((s) => 1 / s),
    [8],
  );
  const z = mul(g.node('Sub', [g.constant(schoolEffects, [8]), theta]), inverse);
  const ratio = mul(tau, c(1 / 5));
  const ratio2 = g.node('Square', [ratio]);
  const onePlus = g.node('Log1p', [ratio2]);
  const likelihood = mul(c(-0.5), sum(g.node('Square', [z])));
  const etaPrior = mul(c(-0.5), sum(g.node('Square', [eta])));
  const muPrior = mul(c(-0.02), g.node('Square', [mu]));
  const tauPrior = g.node('Sub', [logTau, onePlus]);
  const total = [likelihood, etaPrior, muPrior, tauPrior].reduce((a, b) => g.node('Add', [a, b]));
  const dTheta = mul(z, inverse);
  const dMu = g.node('Sub', [sum(dTheta), mul(c(0.04), mu)]);
  const dTau = sum(mul(dTheta, eta));
  const cauchy = g.node('RealDiv', [mul(c(2), ratio2), g.node('Add', [c(1), ratio2])]);
  const dLogTau = g.node('Add', [mul(dTau, tau), g.node('Sub', [c(1), cauchy])]);
  const dEta = g.node('Sub', [mul(dTheta, tau), eta]);
  const one = (x: number): number => g.node('Reshape', [x], { shape: [1] });
  const gradient = g.node('Concat', [one(dMu), one(dLogTau), dEta], { axis: 0 });
  return g.finish([total, gradient]);
}
