/** erf and erfc with the rational approximations of packages/ops/src/special/scalar/erf.ts (same coefficients). */
import type { Value } from '../assembler';
import { expSum } from './exp';
import type { F64x2 } from './f64x2';

/** (erf(x) − x)/x in x², 0 ≤ x ≤ 1. */
const smallP = [
  0.1283791670955126, -0.317014275275791, -0.048309405712693924, -0.008812474530097748,
  -0.0004951216076354877, -2.0709735136610705e-5,
];
const smallQ = [
  1, 0.460449425661626, 0.09378357607415011, 0.010687247967866305, 0.0006919054871626648,
  2.0783359954135625e-5,
];
/** erfcx(x), 0.5 ≤ x ≤ 2. */
const nearP = [
  1.0000000000218563, 1.4704902315587, 1.0830776150192127, 0.4779320308295271, 0.13151808833173054,
  0.021310985712970795, 0.0016007064409389446,
];
const nearQ = [
  1, 2.5988693990385734, 3.015587699721895, 2.0340417631893875, 0.8661074045804151, 0.23451757496875425,
  0.03777343395195646, 0.0028371562326797114,
];
/** erfcx(x), 2 ≤ x ≤ 5. */
const middleP = [
  1.0000011089763556, 1.6987086340630335, 1.4147694781222793, 0.7137929063968086, 0.22904900250663468,
  0.04477305726922145, 0.004384708920935023, -1.7898391666268583e-11,
];
const middleQ = [
  1, 2.8270966073350037, 3.6047720484967973, 2.706586704815877, 1.3048574786382392, 0.40986359960218505,
  0.07935823417868154, 0.007771692269701154,
];
/** x·erfcx(x) in 1/x², x ≥ 5. */
const farP = [
  0.5641895835477563, 18.165093656636607, 203.18366990954007, 966.2968958080631, 1907.2977492599869,
  1257.2423555638984, 121.68800598064188,
];
const farQ = [
  1, 32.69679020376492, 375.73207327416196, 1877.9350980773013, 4092.509716215731, 3385.6637905844264,
  697.6778105043064,
];

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
