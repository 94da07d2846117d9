/** Divergences between univariate laws of the same family. */
import { betaln, digamma, lgamma, lift, tf } from '@pyro-ts/ops';
import {
  Beta,
  Cauchy,
  Exponential,
  Gamma,
  Gumbel,
  HalfNormal,
  Laplace,
  LogNormal,
  Normal,
  Pareto,
  Uniform,
} from '../continuous';
import { registerKl } from './registry';

const EULER = 0.5772156649015329;

/** r − 1 − log r ≥ 0 for r > 0, without cancellation at 1. */
const excess = (ratioMinus1: tf.Tensor): tf.Tensor => tf.sub(ratioMinus1, tf.log1p(ratioMinus1));

interface LocScale {
  readonly loc: tf.Tensor;
  readonly scale: tf.Tensor;
}

/** ½ (r − 1 − log r + z²), r the ratio of variances, z the distance of the means in units of q's scale. */
function normals(p: LocScale, q: LocScale): tf.Tensor {
  const ratio = tf.div(tf.mul(tf.sub(p.scale, q.scale), tf.add(p.scale, q.scale)), tf.square(q.scale));
  const distance = tf.square(tf.div(tf.sub(p.loc, q.loc), q.scale));
  return tf.mul(tf.add(excess(ratio), distance), 0.5);
}

registerKl(Normal, Normal, normals);
registerKl(LogNormal, LogNormal, normals);
registerKl(HalfNormal, HalfNormal, (p, q) =>
  normals({ loc: lift(0), scale: p.scale }, { loc: lift(0), scale: q.scale }),
);

/** Chyzak & Nielsen, "A closed-form formula for the Kullback–Leibler divergence between Cauchy distributions" (2019). */
registerKl(Cauchy, Cauchy, (p, q) => {
  const difference = tf.add(tf.square(tf.sub(p.loc, q.loc)), tf.square(tf.sub(p.scale, q.scale)));
  return tf.log1p(tf.div(difference, tf.mul(tf.mul(p.scale, q.scale), 4)));
});

registerKl(Exponential, Exponential, (p, q) => excess(tf.div(tf.sub(q.rate, p.rate), p.rate)));

registerKl(Gamma, Gamma, (p, q) => {
  const [a, b] = [p.concentration, q.concentration];
  const ratio = tf.div(tf.sub(q.rate, p.rate), p.rate);
  const shapes = tf.add(tf.mul(tf.sub(a, b), digamma(a)), tf.sub(lgamma(b), lgamma(a)));
  return tf.add(shapes, tf.sub(tf.mul(a, ratio), tf.mul(b, tf.log1p(ratio))));
});

registerKl(Beta, Beta, (p, q) => {
  const [a, b] = [p.concentration1, p.concentration0];
  const [c, d] = [q.concentration1, q.concentration0];
  const total = digamma(tf.add(a, b));
  const first = tf.mul(tf.sub(a, c), tf.sub(digamma(a), total));
  const second = tf.mul(tf.sub(b, d), tf.sub(digamma(b), total));
  return tf.add(tf.sub(betaln(c, d), betaln(a, b)), tf.add(first, second));
});

/** log(b_q/b_p) + |δ|/b_q + (b_p/b_q) e^(−|δ|/b_p) − 1 */
registerKl(Laplace, Laplace, (p, q) => {
  const distance = tf.abs(tf.sub(p.loc, q.loc));
  const ratio = tf.div(p.scale, q.scale);
  const near = tf.mul(ratio, tf.expm1(tf.neg(tf.div(distance, p.scale))));
  return tf.add(excess(tf.sub(ratio, 1)), tf.add(tf.div(distance, q.scale), near));
});

/** With ρ = β_p/β_q and δ = (μ_p − μ_q)/β_q: δ − log ρ + γ(ρ − 1) + e^(−δ) Γ(1 + ρ) − 1 */
registerKl(Gumbel, Gumbel, (p, q) => {
  const ratio = tf.div(p.scale, q.scale);
  const shift = tf.div(tf.sub(p.loc, q.loc), q.scale);
  const exponential = tf.expm1(tf.sub(lgamma(tf.add(ratio, 1)), shift));
  return tf.add(tf.sub(shift, tf.log(ratio)), tf.add(tf.mul(tf.sub(ratio, 1), EULER), exponential));
});

registerKl(Pareto, Pareto, (p, q) => {
  const ratio = tf.div(tf.sub(q.alpha, p.alpha), p.alpha);
  const finite = tf.add(excess(ratio), tf.mul(q.alpha, tf.log(tf.div(p.scale, q.scale))));
  return tf.where(tf.less(p.scale, q.scale), lift(Infinity), finite);
});

registerKl(Uniform, Uniform, (p, q) => {
  const covers = tf.logicalAnd(tf.lessEqual(q.low, p.low), tf.greaterEqual(q.high, p.high));
  const widths = tf.log(tf.div(tf.sub(q.high, q.low), tf.sub(p.high, p.low)));
  return tf.where(covers, widths, lift(Infinity));
});
