/** log x = exponent · ln 2 + log1p(fraction), 0 ≤ fraction < 1; and log1p(x) − x. */
import type { Value } from '../assembler';
import type { F64x2 } from './f64x2';
import { log1p } from './log';

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

/** 2/(2j + 3): log((1 + v)/(1 − v)) = 2 (v + v³/3 + v⁵/5 + …) without its first term. */
const artanhTail = [2 / 3, 2 / 5, 2 / 7, 2 / 9, 2 / 11, 2 / 13];

/** @returns log(1 + x) − x, all arguments; error ≤ 40 ulp, ≤ 2 ulp for |x| < 1/16 */
export function log1pmx(v: F64x2, x: Value): Value {
  const far = v.select(v.eq(x, Infinity), -Infinity, v.sub(log1p(v, x), x));
  return v.blend(v.lt(v.abs(x), 1 / 16), far, () => {
    const ratio = v.div(x, v.add(x, 2));
    const square = v.mul(ratio, ratio);
    return v.mul(ratio, v.sub(v.mul(square, v.polynomial(square, artanhTail)), x));
  });
}
