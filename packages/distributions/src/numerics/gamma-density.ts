/**
 * The standard gamma density and the point probabilities built from it, without cancellation: C. Loader, "Fast and
 * accurate computation of binomial probabilities" (2000). Near the mode the log probability of a count of 1e9 is about
 * −11, while k log λ, λ and log k! are each about 2e10: their difference keeps six digits, these formulas keep all.
 */
import { digamma, lgamma, lift, tf } from '@pyro-ts/ops';
import { excess } from './excess';
import { sumTo } from './sum-to';

/** Coefficients of Stirling's series for log Γ; from 17 on, five terms leave an error below 1e-16. */
const STIRLING = [1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188];
const STIRLING_FROM = 17;
const HALF_LOG_TWO_PI = 0.5 * Math.log(2 * Math.PI);

const horner = (coefficients: readonly number[], z: tf.Tensor): tf.Tensor =>
  coefficients
    .slice(0, -1)
    .reduceRight((sum, c) => tf.add(tf.mul(sum, z), c), lift(coefficients.at(-1) ?? 0));

/** log Γ(x + 1) − (x log x − x + ½ log x + ½ log 2π), the remainder of Stirling's formula, for x ≥ 17. */
const remainder = (x: tf.Tensor): tf.Tensor => tf.div(horner(STIRLING, tf.reciprocal(tf.square(x))), x);

/** log Γ(a) where the argument is small; 0 where it is not. */
const smallLgamma = (a: tf.Tensor, isLarge: tf.Tensor): tf.Tensor => lgamma(tf.where(isLarge, lift(1), a));

/**
 * log(y^(a − 1) e^(−y) / Γ(a)) with a − 1 given besides a, so that neither loses digits. One logarithm serves both
 * ranges of a.
 */
function formula(a: tf.Tensor, aMinus1: tf.Tensor, y: tf.Tensor): tf.Tensor {
  const isLarge = tf.greaterEqual(a, STIRLING_FROM);
  const x = tf.where(isLarge, aMinus1, lift(STIRLING_FROM));
  const log = tf.log(tf.where(isLarge, tf.div(y, x), y));
  const deviance = tf.mul(x, excess(tf.div(tf.sub(y, x), x), log));
  const large = tf.neg(
    tf.add(deviance, tf.add(remainder(x), tf.add(tf.mul(tf.log(x), 0.5), HALF_LOG_TWO_PI))),
  );
  const power = tf.where(tf.equal(aMinus1, 0), lift(0), tf.mul(aMinus1, log));
  const small = tf.sub(tf.sub(power, y), smallLgamma(a, isLarge));
  return tf.where(isLarge, large, small);
}

/** The same at its mode: a − 1 = y > 0. The deviance is 0. */
function formulaAtMode(y: tf.Tensor): tf.Tensor {
  const a = tf.add(y, 1);
  const isLarge = tf.greaterEqual(a, STIRLING_FROM);
  const log = tf.log(y);
  const x = tf.where(isLarge, y, lift(STIRLING_FROM));
  const large = tf.neg(tf.add(remainder(x), tf.add(tf.mul(log, 0.5), HALF_LOG_TWO_PI)));
  const small = tf.sub(tf.sub(tf.mul(y, log), y), smallLgamma(a, isLarge));
  return tf.where(isLarge, large, small);
}

/** ∂/∂y = (a − 1)/y − 1, and −1 where a = 1, y = 0. */
const slope = (aMinus1: tf.Tensor, y: tf.Tensor): tf.Tensor =>
  tf.sub(tf.where(tf.equal(aMinus1, 0), lift(0), tf.div(aMinus1, y)), 1);

/**
 * Log density of Gamma(a, 1) at y ≥ 0, differentiable in both.
 * @returns broadcast shape of a and y; |error| ≤ 1e-14 (1 + |value|)
 */
export function logGammaDensity(a: tf.Tensor, y: tf.Tensor): tf.Tensor {
  const op = tf.customGrad((x, z, save) => {
    (save as tf.GradSaveFunc)([x as tf.Tensor, z as tf.Tensor]);
    const gradFunc = (dy: tf.Tensor, [sa, sy]: tf.Tensor[]): tf.Tensor[] => [
      sumTo(tf.mul(dy, tf.sub(tf.log(sy), digamma(sa))), sa.shape),
      sumTo(tf.mul(dy, slope(tf.sub(sa, 1), sy)), sy.shape),
    ];
    const value = formula(x as tf.Tensor, tf.sub(x as tf.Tensor, 1), z as tf.Tensor);
    return { value, gradFunc: gradFunc };
  });
  return op(a, y);
}

/**
 * Log probability of the count k ≥ 0 under Poisson(rate), rate ≥ 0: k log rate − rate − log k!; 0 at k = rate = 0.
 * Differentiable in the rate; the count is data.
 */
export function logPoissonMass(count: tf.Tensor, rate: tf.Tensor): tf.Tensor {
  const op = tf.customGrad((y, save) => {
    (save as tf.GradSaveFunc)([count, y as tf.Tensor]);
    const gradFunc = (dy: tf.Tensor, [k, sy]: tf.Tensor[]): tf.Tensor =>
      sumTo(tf.mul(dy, slope(k, sy)), sy.shape);
    return { value: formula(tf.add(count, 1), count, y as tf.Tensor), gradFunc: gradFunc };
  });
  return op(rate);
}

/** `logGammaDensity(y + 1, y)` for y > 0, differentiable. */
function logDensityAtMode(y: tf.Tensor): tf.Tensor {
  const op = tf.customGrad((x, save) => {
    (save as tf.GradSaveFunc)([x as tf.Tensor]);
    const gradFunc = (dy: tf.Tensor, [at]: tf.Tensor[]): tf.Tensor =>
      tf.mul(dy, tf.sub(tf.log(at), digamma(tf.add(at, 1))));
    return { value: formulaAtMode(x as tf.Tensor), gradFunc: gradFunc };
  });
  return op(y);
}

/** Log probability of k successes in n trials of probability p, q = 1 − p; k and n are data. 0 ≤ k ≤ n. */
export function logBinomialMass(k: tf.Tensor, n: tf.Tensor, p: tf.Tensor, q: tf.Tensor): tf.Tensor {
  const failures = tf.sub(n, k);
  const pair = tf.add(logPoissonMass(k, tf.mul(n, p)), logPoissonMass(failures, tf.mul(n, q)));
  return tf.sub(pair, logPoissonMass(n, n));
}

/**
 * Log probability of k events of probability p before the r-th (r > 0 real) of probability q = 1 − p; k is data.
 * Differentiable in r, p and q.
 */
export function logNegativeBinomialMass(k: tf.Tensor, r: tf.Tensor, p: tf.Tensor, q: tf.Tensor): tf.Tensor {
  const total = tf.add(r, k);
  const stops = logGammaDensity(tf.add(r, 1), tf.mul(total, q));
  const pair = tf.add(stops, logPoissonMass(k, tf.mul(total, p)));
  const joint = tf.sub(pair, logDensityAtMode(total));
  return tf.sub(joint, tf.log1p(tf.div(k, r)));
}
