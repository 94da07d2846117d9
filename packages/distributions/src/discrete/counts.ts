/** Pieces that distributions on the integers share. */
import { lift, tf } from '@pyro-ts/ops';
import { UnsupportedError } from '../errors';

/** A distribution function on counts 0, 1, …: `at` receives ⌊x⌋ ≥ 0; 0 below, NaN at NaN. */
export function onCounts(x: tf.Tensor, at: (k: tf.Tensor) => tf.Tensor): tf.Tensor {
  const isBelow = tf.less(x, 0);
  const value = at(tf.where(isBelow, lift(0), tf.floor(x)));
  return tf.where(isBelow, lift(0), tf.where(tf.isNaN(x), lift(NaN), value));
}

/** The values of a parameter that decides a shape, which no traced value can do. */
function valuesOf(family: string, name: string, x: tf.Tensor): ArrayLike<number> {
  try {
    return x.dataSync();
  } catch (error) {
    throw new UnsupportedError(
      `the support of ${family} depends on '${name}', whose value does not exist while compiling (${String(error)})`,
      `give '${name}' as a number.`,
    );
  }
}

/**
 * The largest value of an integer parameter that decides the size of a support.
 * @throws {UnsupportedError} if the values are traced
 */
export const largest = (family: string, name: string, x: tf.Tensor): number =>
  Math.max(0, ...Array.from(valuesOf(family, name, x)));

/**
 * As `largest`, where all values must agree.
 * @throws {UnsupportedError} if they differ or are traced
 */
export function common(family: string, name: string, x: tf.Tensor): number {
  const [value, ...others] = Array.from(valuesOf(family, name, x));
  const differs = others.find((v) => v !== value);
  if (differs === undefined) return value;
  throw new UnsupportedError(
    `the values of ${family} cannot be listed: '${name}' is ${differs} in one place and ${value} in another`,
    `give all batch elements the same '${name}'.`,
  );
}

/** 0, 1, …, n as int32 [n + 1]. */
export const upTo = (n: number): tf.Tensor => lift(Int32Array.from({ length: n + 1 }, (_, i) => i));

/** Sum over counts k = 0 … n of −mass log mass, mass given by its logarithm at k of shape [n + 1, 1, …]. */
export function entropyOfCounts(n: number, rank: number, logMass: (k: tf.Tensor) => tf.Tensor): tf.Tensor {
  const counts = tf.reshape(tf.cast(upTo(n), 'float32'), [n + 1, ...Array.from({ length: rank }, () => 1)]);
  const log = logMass(counts);
  const isNull = tf.equal(log, -Infinity);
  const finite = tf.where(isNull, lift(0), log);
  return tf.neg(tf.sum(tf.where(isNull, lift(0), tf.mul(tf.exp(finite), finite)), 0));
}
