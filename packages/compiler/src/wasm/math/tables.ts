/**
 * Table entries with more bits than a double has, by integer arithmetic: `Math.exp` and `Math.log` differ in the last
 * bit between engines, and the same program must give the same bits everywhere.
 */

/** Fixed point with this many fraction bits. */
const precision = 160n;
const unit = 1n << precision;

/** Truncates towards zero, so that ever smaller terms end at 0. */
const multiply = (a: bigint, b: bigint): bigint => (a * b) / unit;

/** Nearest double of a fixed-point number, ties aside; exact to the last bit of 160 otherwise. */
function toDouble(x: bigint): number {
  if (x === 0n) return 0;
  const negative = x < 0n;
  const magnitude = negative ? -x : x;
  const length = BigInt(magnitude.toString(2).length);
  const shift = length - 53n;
  const mantissa = shift > 0n ? (magnitude + (1n << (shift - 1n))) >> shift : magnitude << -shift;
  const value = Number(mantissa) * 2 ** Number(shift - precision);
  return negative ? -value : value;
}

/** A double as a fixed-point number; exact for |x| ≥ 2^-100. */
function toFixed(x: number): bigint {
  return (BigInt(x * 2 ** 100) << precision) / (1n << 100n);
}

/** atanh by its series, for small arguments. */
function atanh(x: bigint): bigint {
  const square = multiply(x, x);
  let power = x;
  let sum = 0n;
  for (let n = 1n; power !== 0n; n += 2n) {
    sum += power / n;
    power = multiply(power, square);
  }
  return sum;
}

function logFixed(x: number): bigint {
  const fixed = toFixed(x);
  return 2n * atanh(((fixed - unit) << precision) / (fixed + unit));
}

/** log x for doubles near 1 (say 0.5 … 2), rounded once. */
export const logOf = (x: number): number => toDouble(logFixed(x));

/** x − 1 − log x for doubles near 1, rounded once. */
export const logExcessOf = (x: number): number => toDouble(toFixed(x) - unit - logFixed(x));

/** log x as a multiple of `grain` and the rest. */
export function logParts(x: number, grain: number): [number, number] {
  const log = logFixed(x);
  const high = Math.round(toDouble(log) / grain) * grain;
  return [high, toDouble(log - toFixed(high))];
}

const ln2 = 2n * atanh(unit / 3n);

/** 2^(1/steps) by its series. */
function exp2Step(steps: number): bigint {
  const x = ln2 / BigInt(steps);
  let term = unit;
  let sum = 0n;
  for (let n = 1n; term !== 0n; n++) {
    sum += term;
    term = multiply(term, x) / n;
  }
  return sum;
}

/** 2^(j/steps) for j = 0 … steps − 1, each as the sum of two doubles: powers of the first, which lose `steps` units at most. */
export function exp2Fractions(steps: number): [number, number][] {
  const step = exp2Step(steps);
  let power = unit;
  return Array.from({ length: steps }, () => {
    const high = toDouble(power);
    const pair: [number, number] = [high, toDouble(power - toFixed(high))];
    power = multiply(power, step);
    return pair;
  });
}

/** A table that is the same in every program: made when first asked for. */
export function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}
