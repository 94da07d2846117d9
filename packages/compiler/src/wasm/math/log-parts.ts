/** log x = exponent · ln 2 + log1p(fraction), 0 ≤ fraction < 1; and x − log(1 + x). */
import type { Value } from '../assembler';
import type { F64x2 } from './f64x2';
import type { ConstantMemory } from './constant-memory';
import { decompose, ln2High, ln2Low, log, lowestReduced, roundedReduced } from './log';
import { logExcessOf, once } from './tables';

const smallestNormal = 2 ** -1022;

const exponentOf = (v: F64x2, x: Value): Value =>
  v.sub(v.or(v.shrU(x, 52), v.bits(0x4330000000000000n)), 2 ** 52 + 1023);

const fractionOf = (v: F64x2, x: Value): Value =>
  v.sub(v.or(v.and(x, v.bits((1n << 52n) - 1n)), v.const(1)), 1);

/** Zeros, subnormals, negative numbers, infinity, NaN. */
function slowly(v: F64x2, x: Value, usual: (x: Value, scaled: Value) => Value, edge: Value): Value {
  const small = v.lt(x, smallestNormal);
  const value = usual(v.select(small, v.mul(x, 2 ** 54), x), small);
  const isEdge = v.or(v.eq(x, 0), v.eq(x, Infinity));
  return v.select(isEdge, edge, v.select(v.gt(x, 0), value, NaN));
}

const exponentSlow = (v: F64x2, [x]: readonly Value[]): Value =>
  slowly(
    v,
    x,
    (y, small) => v.sub(exponentOf(v, y), v.and(small, v.const(54))),
    v.select(v.eq(x, 0), -Infinity, Infinity),
  );

const fractionSlow = (v: F64x2, [x]: readonly Value[]): Value =>
  slowly(v, x, (y) => fractionOf(v, y), v.const(0));

const isUsual = (v: F64x2, x: Value): Value => v.and(v.ge(x, smallestNormal), v.le(x, Number.MAX_VALUE));

/** @returns ⌊log₂ x⌋, exact; −∞ at 0, ∞ at ∞, NaN below 0 */
export function logExponent(v: F64x2, x: Value): Value {
  return v.unlessAll(isUsual(v, x), exponentOf(v, x), () => v.call('exponent_slow', exponentSlow, x));
}

/** @returns x · 2^−⌊log₂ x⌋ − 1, exact; 0 at 0 and ∞, NaN below 0 */
export function logFraction(v: F64x2, x: Value): Value {
  return v.unlessAll(isUsual(v, x), fractionOf(v, x), () => v.call('fraction_slow', fractionSlow, x));
}

/** (r − log1p(r))/r², |r| ≤ 1/256 where it counts. */
const excessSeries = [1 / 2, -1 / 3, 1 / 4, -1 / 5, 1 / 6, -1 / 7, 1 / 8];

/** Pairs (1/c, c − 1 − log c) in the rows of `roundedReduced`. */
const excessRows = once(() => {
  const pairs = new Float64Array(2 * 256);
  const c = new Float64Array(1);
  const bits = new BigInt64Array(c.buffer);
  for (let i = 0n; i < 256n; i++) {
    bits[0] = (lowestReduced + i) << 45n;
    pairs.set([1 / c[0], logExcessOf(c[0])], 2 * Number((lowestReduced + i) & 255n));
  }
  return pairs;
});

const excessTable = (memory: ConstantMemory): number => memory.place('log-excess/128', excessRows);

const excessSlow = (v: F64x2, [x, y]: readonly Value[]): Value =>
  v.select(v.eq(x, Infinity), x, v.sub(x, log(v, y)));

/**
 * With c near y and r = (y − c)/c, x − log y = (c − 1 − log c) + r·(c − 1) + (r − log1p r), where x − (c − 1), which is
 * exact, stands for y − c: of these terms none is larger than four times their sum. If y is not near 1, nor is that.
 * @returns x − log y for y = 1 + x, all arguments; error ≤ 16 ulp, ≤ 5 ulp for |x| < 1/4
 */
export function logExcess(v: F64x2, x: Value, y: Value): Value {
  const { z, k } = decompose(v, y);
  const { c, index } = roundedReduced(v, z);
  const [inverse, gap] = v.gatherPairs(excessTable(v.env.memory), v.shl(index, 4));
  const fromOne = v.sub(c, 1);
  const isNear = v.eq(k, 0);
  const r = v.mul(v.select(isNear, v.sub(x, fromOne), v.sub(z, c)), inverse);
  const far = v.sub(v.sub(v.sub(x, v.mul(k, ln2High)), fromOne), v.madd(k, ln2Low, r));
  const base = v.select(isNear, v.mul(r, fromOne), far);
  const r2 = v.mul(r, r);
  const fast = v.add(base, v.madd(r2, v.polynomial(r, excessSeries, r2), gap));
  const inside = v.and(v.ge(y, 2 ** -1000), v.le(y, 2 ** 1000));
  return v.unlessAll(inside, fast, () => v.call('excess_slow', excessSlow, x, y));
}
