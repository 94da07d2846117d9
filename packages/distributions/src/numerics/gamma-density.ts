/**
 * The standard gamma density and the point probabilities built from it, without cancellation: C. Loader, "Fast and
 * accurate computation of binomial probabilities" (2000). Near the mode the log probability of a count of 1e9 is about
 * −11, while k log λ, λ and log k! are each about 2e10: their difference keeps six digits, these formulas keep all.
 */
import { digamma, lgamma, lift, logExcess, tf } from '@pyro-ts/ops';
import { excess } from './excess';
import { stirlingError } from './stirling';
import { sumTo } from './sum-to';

/** Coefficients of Stirling's series for log Γ; from 17 on, five terms leave an error below 1e-16. */
const STIRLING = [1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188];
const STIRLING_FROM = 17;
export const HALF_LOG_TWO_PI = 0.5 * Math.log(2 * Math.PI);

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

/** ∂/∂y = (a − 1)/y − 1, and −1 where a = 1, y = 0. */
export const slope = (aMinus1: tf.Tensor, y: tf.Tensor): tf.Tensor =>
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

/** k log(y/k) − y + k ≤ 0, −y at k = 0: what a count loses by its mean y being another than k. */
export function countDeviance(k: tf.Tensor, y: tf.Tensor): tf.Tensor {
  const isNull = tf.equal(k, 0);
  const safe = tf.where(isNull, lift(1), k);
  const deviance = tf.mul(safe, logExcess(tf.div(tf.sub(y, safe), safe), tf.div(y, safe)));
  return tf.neg(tf.where(isNull, y, deviance));
}

/** Log probability of a count k under a mean of k: −½ log 2πk and the remainder of Stirling's formula; 0 at k = 0. */
function logMassAtMean(k: tf.Tensor): tf.Tensor {
  const isNull = tf.equal(k, 0);
  const safe = tf.where(isNull, lift(1), k);
  const mass = tf.neg(tf.add(stirlingError(safe), tf.add(tf.mul(tf.log(safe), 0.5), HALF_LOG_TWO_PI)));
  return tf.where(isNull, lift(0), mass);
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
    return { value: tf.add(logMassAtMean(count), countDeviance(count, y as tf.Tensor)), gradFunc: gradFunc };
  });
  return op(rate);
}

/** Log probability of k successes in n trials of probability p, q = 1 − p; k and n are data. 0 ≤ k ≤ n. */
export function logBinomialMass(k: tf.Tensor, n: tf.Tensor, p: tf.Tensor, q: tf.Tensor): tf.Tensor {
  const failures = tf.sub(n, k);
  const pair = tf.add(logPoissonMass(k, tf.mul(n, p)), logPoissonMass(failures, tf.mul(n, q)));
  return tf.sub(pair, logPoissonMass(n, n));
}
