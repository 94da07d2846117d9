/** sigmoid, softplus and tanh, from exp and log1p. */
import type { Value } from '../assembler';
import { exp, expm1 } from './exp';
import type { F64x2 } from './f64x2';
import { log1pUnit } from './log';

/** e^−|x|, which sigmoid and softplus of one argument share. */
export function expNegAbs(v: F64x2, x: Value): Value {
  return exp(v, v.or(x, v.signMask));
}

/** 1/(1 + e), which the sigmoids of an argument and of its negative share. */
export const reciprocalOf = (v: F64x2, e: Value): Value => v.div(1, v.add(e, 1));

/** 1 / (1 + e^−x) given e = e^−|x| and 1/(1 + e); error ≤ 2.7 ulp */
export function sigmoidFrom(v: F64x2, x: Value, e: Value, reciprocal: Value): Value {
  return v.select(v.ge(x, 0), reciprocal, v.mul(e, reciprocal));
}

/** log(1 + e^x) given e = e^−|x|; error ≤ 2 ulp */
export function softplusFrom(v: F64x2, x: Value, e: Value): Value {
  return v.add(v.pmax(x, 0), log1pUnit(v, e));
}

/** @returns tanh x, all arguments; error ≤ 3.5 ulp */
export function tanh(v: F64x2, x: Value): Value {
  const twice = v.pmin(v.mul(v.abs(x), 2), 40);
  const t = expm1(v, v.neg(twice));
  return v.withSign(v.div(v.neg(t), v.add(t, 2)), x);
}
