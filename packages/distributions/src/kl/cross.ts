/**
 * Divergences between univariate laws of different families: −H(p) − E_p[log q], where log q is made of moments that
 * p has in closed form.
 */
import { betaln, digamma, erf, lgamma, lift, tf, xlogy } from '@pyro-ts/ops';
import { Beta, Exponential, Gamma, Gumbel, Laplace, Normal, Pareto, Uniform, Weibull } from '../continuous';
import type { Distribution } from '../distribution';
import { registerKl } from './registry';

const EULER = 0.5772156649015329;
const sum = (...terms: tf.Tensor[]): tf.Tensor => terms.reduce((a, b) => tf.add(a, b));

type ExpGamma = ReturnType<typeof Exponential> | ReturnType<typeof Gamma>;

// E log x of each p

const logOfUniform = (low: tf.Tensor, high: tf.Tensor): tf.Tensor =>
  tf.sub(tf.div(tf.sub(xlogy(high, high), xlogy(low, low)), tf.sub(high, low)), 1);
const logOfExponential = (p: ReturnType<typeof Exponential>): tf.Tensor =>
  tf.neg(tf.add(tf.log(p.rate), EULER));
const logOfBeta = (a: tf.Tensor, b: tf.Tensor): tf.Tensor => tf.sub(digamma(a), digamma(tf.add(a, b)));
const logOfPareto = (p: ReturnType<typeof Pareto>): tf.Tensor =>
  tf.add(tf.log(p.scale), tf.reciprocal(p.alpha));
const logOfWeibull = (p: ReturnType<typeof Weibull>): tf.Tensor =>
  tf.sub(tf.log(p.scale), tf.div(EULER, p.concentration));

// −E log q of each q

/** ½ log 2π + log σ + ((E x − μ)² + Var x) / 2σ² */
function crossNormal(p: Distribution, q: ReturnType<typeof Normal>): tf.Tensor {
  const distance = tf.add(tf.square(tf.sub(p.mean, q.loc)), p.variance);
  const square = tf.div(distance, tf.mul(tf.square(q.scale), 2));
  return sum(square, tf.log(q.scale), lift(0.5 * Math.log(2 * Math.PI)));
}

const crossExponential = (p: Distribution, q: ReturnType<typeof Exponential>): tf.Tensor =>
  tf.sub(tf.mul(q.rate, p.mean), tf.log(q.rate));

function crossGamma(p: Distribution, logX: tf.Tensor, q: ReturnType<typeof Gamma>): tf.Tensor {
  const a = q.concentration;
  const power = tf.mul(tf.sub(a, 1), logX);
  return tf.sub(sum(tf.mul(q.rate, p.mean), lgamma(a)), tf.add(tf.mul(a, tf.log(q.rate)), power));
}

/** z̄ + log β + e^(μ/β) E e^(−x/β), the last given by its logarithm at t = 1/β */
function crossGumbel(p: Distribution, logLaplace: tf.Tensor, q: ReturnType<typeof Gumbel>): tf.Tensor {
  const mean = tf.div(tf.sub(p.mean, q.loc), q.scale);
  return sum(mean, tf.log(q.scale), tf.exp(tf.add(tf.div(q.loc, q.scale), logLaplace)));
}

const crossPareto = (logX: tf.Tensor, q: ReturnType<typeof Pareto>): tf.Tensor =>
  tf.sub(tf.mul(tf.add(q.alpha, 1), logX), tf.add(tf.log(q.alpha), tf.mul(q.alpha, tf.log(q.scale))));

const minusEntropy = (p: Distribution, cross: tf.Tensor): tf.Tensor => tf.sub(cross, p.entropy());
const unless = (outside: tf.Tensor, finite: tf.Tensor): tf.Tensor =>
  tf.where(outside, lift(Infinity), finite);

const withVariance = 'Beta ContinuousBernoulli Exponential Gamma Gumbel Laplace Pareto Uniform';
for (const family of withVariance.split(' ')) {
  registerKl(family, Normal, (p, q) => minusEntropy(p, crossNormal(p, q)));
}

for (const family of ['Beta', 'ContinuousBernoulli', 'Gamma', 'Pareto']) {
  registerKl(family, Exponential, (p, q) => minusEntropy(p, crossExponential(p, q)));
}
registerKl(Uniform, Exponential, (p, q) =>
  unless(tf.less(p.low, 0), minusEntropy(p, crossExponential(p, q))),
);

registerKl(Beta, Gamma, (p, q) =>
  minusEntropy(p, crossGamma(p, logOfBeta(p.concentration1, p.concentration0), q)),
);
registerKl(Exponential, Gamma, (p, q) => minusEntropy(p, crossGamma(p, logOfExponential(p), q)));
registerKl(Pareto, Gamma, (p, q) => minusEntropy(p, crossGamma(p, logOfPareto(p), q)));
registerKl(Weibull, Gamma, (p, q) => minusEntropy(p, crossGamma(p, logOfWeibull(p), q)));
registerKl(Uniform, Gamma, (p, q) => {
  const outside = tf.less(p.low, 0);
  const low = tf.where(outside, lift(0), p.low);
  return unless(outside, minusEntropy(p, crossGamma(p, logOfUniform(low, p.high), q)));
});

/** log E e^(−t x) of Gamma(a, b): −a log(1 + t/b) */
const laplaceOfGamma = (a: tf.Tensor, p: ExpGamma, q: ReturnType<typeof Gumbel>): tf.Tensor =>
  tf.neg(tf.mul(a, tf.log1p(tf.reciprocal(tf.mul(p.rate, q.scale)))));

registerKl(Exponential, Gumbel, (p, q) => minusEntropy(p, crossGumbel(p, laplaceOfGamma(lift(1), p, q), q)));
registerKl(Gamma, Gumbel, (p, q) =>
  minusEntropy(p, crossGumbel(p, laplaceOfGamma(p.concentration, p, q), q)),
);
registerKl(Normal, Gumbel, (p, q) => {
  const half = tf.mul(tf.square(tf.div(p.scale, q.scale)), 0.5);
  return minusEntropy(p, crossGumbel(p, tf.sub(half, tf.div(p.loc, q.scale)), q));
});
registerKl(Uniform, Gumbel, (p, q) => {
  const width = tf.div(tf.sub(p.high, p.low), q.scale);
  const mass = tf.log(tf.div(tf.neg(tf.expm1(tf.neg(width))), width));
  return minusEntropy(p, crossGumbel(p, tf.sub(mass, tf.div(p.low, q.scale)), q));
});

/** E|x − m| of a Normal: σ √(2/π) e^(−z²/2) + δ erf(z/√2), δ = loc − m = σ z */
registerKl(Normal, Laplace, (p, q) => {
  const shift = tf.sub(p.loc, q.loc);
  const z = tf.div(shift, p.scale);
  const bell = tf.mul(tf.mul(p.scale, Math.sqrt(2 / Math.PI)), tf.exp(tf.mul(tf.square(z), -0.5)));
  const distance = tf.add(bell, tf.mul(shift, erf(tf.mul(z, Math.SQRT1_2))));
  return minusEntropy(p, tf.add(tf.div(distance, q.scale), tf.log(tf.mul(q.scale, 2))));
});

registerKl(Uniform, Pareto, (p, q) => {
  const outside = tf.less(p.low, q.scale);
  const low = tf.where(outside, q.scale, p.low);
  const high = tf.where(outside, tf.add(q.scale, 1), p.high);
  return unless(outside, minusEntropy(p, crossPareto(logOfUniform(low, high), q)));
});

/** betaln(a, b) − (a − 1) E log x − (b − 1) E log(1 − x) on a uniform within the unit interval. */
registerKl(Uniform, Beta, (p, q) => {
  const outside = tf.logicalOr(tf.less(p.low, 0), tf.greater(p.high, 1));
  const low = tf.where(outside, lift(0), p.low);
  const high = tf.where(outside, lift(1), p.high);
  const [a, b] = [q.concentration1, q.concentration0];
  const rising = tf.mul(tf.sub(a, 1), logOfUniform(low, high));
  const falling = tf.mul(tf.sub(b, 1), logOfUniform(tf.sub(1, high), tf.sub(1, low)));
  return unless(outside, minusEntropy(p, tf.sub(betaln(a, b), tf.add(rising, falling))));
});

for (const family of ['Beta', 'ContinuousBernoulli']) {
  registerKl(family, Uniform, (p, q) => {
    const outside = tf.logicalOr(tf.greater(q.low, 0), tf.less(q.high, 1));
    return unless(outside, minusEntropy(p, tf.log(tf.sub(q.high, q.low))));
  });
}
