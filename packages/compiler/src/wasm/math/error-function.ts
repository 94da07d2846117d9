/** erf and erfc with the rational approximations of packages/ops/src/special/scalar/erf.ts (same coefficients). */
import { errorFunctionCoefficients } from '@pyro-ts/ops';
import type { Value } from '../assembler';
import { expSum } from './exp';
import type { F64x2 } from './f64x2';

const { smallP, smallQ, nearP, nearQ, middleP, middleQ, farP, farQ } = errorFunctionCoefficients;

/** erf for |x| ≤ 1. */
function erfSmall(v: F64x2, x: Value): Value {
  const t = v.mul(x, x);
  return v.add(x, v.mul(x, v.div(v.horner(t, smallP), v.horner(t, smallQ))));
}

/** erfc for 0.5 ≤ x ≤ 26.5; garbage elsewhere. */
function tailBody(v: F64x2, [x]: readonly Value[]): Value {
  const ratio = (t: Value, p: readonly number[], q: readonly number[]): Value =>
    v.div(v.horner(t, p), v.horner(t, q));
  const near = ratio(x, nearP, nearQ);
  const middle = v.blend(v.ge(x, 2), near, () => ratio(x, middleP, middleQ));
  const scaled = v.blend(v.ge(x, 5), middle, () => {
    const inverse = v.div(1, x);
    return v.mul(ratio(v.mul(inverse, inverse), farP, farQ), inverse);
  });
  const square = v.mul(x, x);
  return v.mul(scaled, expSum(v, v.neg(square), v.neg(v.productError(x, x, square))));
}

/** Beyond, e^(−x²) or its product is not normal. */
const normalTail = 26.5;

function erfBody(v: F64x2, [x]: readonly Value[]): Value {
  const z = v.abs(x);
  const small = erfSmall(v, x);
  return v.blend(v.ge(z, 1), small, () => {
    const clamped = v.pmin(z, 7);
    return v.withSign(v.sub(1, v.call('erfc_tail', tailBody, clamped)), x);
  });
}

function erfcBody(v: F64x2, [x]: readonly Value[]): Value {
  const small = v.sub(1, erfSmall(v, x));
  const outside = v.or(v.ge(x, 0.5), v.le(x, -1));
  const usual = v.blend(outside, small, () => {
    const z = v.pmin(v.abs(x), normalTail);
    const tail = v.call('erfc_tail', tailBody, z);
    return v.select(v.lt(x, 0), v.sub(2, tail), tail);
  });
  return v.blend(v.gt(x, normalTail), usual, () => v.scalarCall('Erfc', x));
}

/** @returns erf x, all arguments; error ≤ 2 ulp */
export const erf = (v: F64x2, x: Value): Value => v.call('erf', erfBody, x);

/** @returns erfc x, all arguments; error ≤ 3.5 ulp */
export const erfc = (v: F64x2, x: Value): Value => v.call('erfc', erfcBody, x);
