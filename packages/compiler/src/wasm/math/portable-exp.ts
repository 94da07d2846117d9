/**
 * The exponential of packages/ops/src/random, operation by operation: the same bits as its JavaScript, where two
 * programs must decide alike. `exp` is faster and no less accurate.
 */
import type { Value } from '../assembler';
import type { F64x2 } from './f64x2';

const ln2High = 0.6931471803691238;
const ln2Low = 1.9082149292705877e-10;
const shifter = 1.5 * 2 ** 52;

function body(v: F64x2, [x0]: readonly Value[]): Value {
  // NaN stays; what over- or underflows is put right at the end.
  const x = v.pmax(v.pmin(x0, 710), -746);
  const k = v.f.op('f64x2.floor', v.add(v.mul(x, 1.4426950408889634), 0.5));
  const high = v.sub(x, v.mul(k, ln2High));
  const low = v.mul(k, ln2Low);
  const r = v.sub(high, low);
  const t = v.mul(r, r);
  let series: Value = v.const(4.1381367970572385e-8);
  for (const c of [-1.6533902205465252e-6, 6.613756321437934e-5, -0.0027777777777015593, 0.16666666666666602])
    series = v.add(c, v.mul(t, series));
  const c = v.sub(r, v.mul(t, series));
  const y = v.sub(1, v.sub(v.sub(low, v.div(v.mul(r, c), v.sub(2, c))), high));
  // 2^n for a normal result: n + 1023 in the exponent field. The shifter turns a whole number into low bits.
  const power = (n: Value): Value => v.shl(v.addBits(v.add(n, shifter), v.bits(1023n)), 52);
  const small = v.le(k, -1021);
  const usual = v.mul(v.mul(y, 2), power(v.sub(k, 1)));
  const value = v.blend(small, usual, () => v.mul(v.mul(y, power(v.add(k, 100))), 2 ** -100));
  const finite = v.select(v.gt(x0, 709.782712893384), Infinity, value);
  return v.select(v.le(x0, -745.1332191019411), 0, finite);
}

/** @returns e^x, all arguments; error below 1 ulp */
export const portableExp = (v: F64x2, x: Value): Value => v.call('portable_exp', body, x);
