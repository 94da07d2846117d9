/** Divergences between univariate laws of the same family. */
import { lgamma, lift, tf } from '@pyro-ts/ops';
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
import { bregmanRemainder, deviance, excess } from '../numerics/excess';
import { betweenDirichlets } from './dirichlet';
import { registerKl } from './registry';

const EULER = 0.5772156649015329;

/** r − 1 − log r ≥ 0 for the ratio r = x/y of two positive numbers. */
const excessOfRatio = (x: tf.Tensor, y: tf.Tensor): tf.Tensor =>
  excess(tf.div(tf.sub(x, y), y), tf.log(tf.div(x, y)));

interface LocScale {
  readonly loc: tf.Tensor;
  readonly scale: tf.Tensor;
}

/** ½ (r − 1 − log r + z²), r the ratio of variances, z the distance of the means in units of q's scale. */
function normals(p: LocScale, q: LocScale): tf.Tensor {
  const ratio = tf.div(tf.mul(tf.sub(p.scale, q.scale), tf.add(p.scale, q.scale)), tf.square(q.scale));
  const distance = tf.square(tf.div(tf.sub(p.loc, q.loc), q.scale));
  const logRatio = tf.mul(tf.log(tf.div(p.scale, q.scale)), 2);
  return tf.mul(tf.add(excess(ratio, logRatio), distance), 0.5);
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

registerKl(Exponential, Exponential, (p, q) => excessOfRatio(q.rate, p.rate));

/** The leading terms of log Γ, ψ and of the rates are together the divergence of Poisson rates b and a rate_q/rate_p. */
registerKl(Gamma, Gamma, (p, q) => {
  const [a, b] = [p.concentration, q.concentration];
  const leading = deviance(b, tf.mul(a, tf.div(q.rate, p.rate)));
  return tf.add(leading, bregmanRemainder(a, b));
});

/** Dirichlet with two concentrations. */
registerKl(Beta, Beta, (p, q) => {
  const [a, b] = [p.concentration1, p.concentration0];
  const [c, d] = [q.concentration1, q.concentration0];
  return betweenDirichlets([a, b], [c, d]);
});

/** log(b_q/b_p) + |δ|/b_q + (b_p/b_q) e^(−|δ|/b_p) − 1 */
registerKl(Laplace, Laplace, (p, q) => {
  const distance = tf.abs(tf.sub(p.loc, q.loc));
  const ratio = tf.div(p.scale, q.scale);
  const near = tf.mul(ratio, tf.expm1(tf.neg(tf.div(distance, p.scale))));
  return tf.add(excessOfRatio(p.scale, q.scale), tf.add(tf.div(distance, q.scale), near));
});

/** With ρ = β_p/β_q and δ = (μ_p − μ_q)/β_q: δ − log ρ + γ(ρ − 1) + e^(−δ) Γ(1 + ρ) − 1 */
registerKl(Gumbel, Gumbel, (p, q) => {
  const ratio = tf.div(p.scale, q.scale);
  const shift = tf.div(tf.sub(p.loc, q.loc), q.scale);
  const exponential = tf.expm1(tf.sub(lgamma(tf.add(ratio, 1)), shift));
  return tf.add(tf.sub(shift, tf.log(ratio)), tf.add(tf.mul(tf.sub(ratio, 1), EULER), exponential));
});

registerKl(Pareto, Pareto, (p, q) => {
  const finite = tf.add(excessOfRatio(q.alpha, p.alpha), tf.mul(q.alpha, tf.log(tf.div(p.scale, q.scale))));
  return tf.where(tf.less(p.scale, q.scale), lift(Infinity), finite);
});

registerKl(Uniform, Uniform, (p, q) => {
  const covers = tf.logicalAnd(tf.lessEqual(q.low, p.low), tf.greaterEqual(q.high, p.high));
  const widths = tf.log(tf.div(tf.sub(q.high, q.low), tf.sub(p.high, p.low)));
  return tf.where(covers, widths, lift(Infinity));
});
