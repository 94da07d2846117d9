/**
 * sin, cos and tan: reduction by multiples of π/2 in three exact parts (Cody & Waite; |x| up to 2^20·π/2, beyond it
 * JavaScript's functions), then fdlibm's polynomials on |r| ≤ π/4 with the low part of r.
 */
import type { Value } from '../assembler';
import type { F64x2 } from './f64x2';

const shifter = 1.5 * 2 ** 52;
/** π/2 in parts of 33 bits, and the rest (fdlibm e_rem_pio2.c). */
const part1 = 1.5707963267341256;
const part2 = 6.077100506303966e-11;
const part3 = 2.0222662487111665e-21;
const rest = 8.4784276603689e-32;
const largest = 2 ** 20;

/** fdlibm k_sin.c and k_cos.c. */
const sineTail = [
  0.00833333333332249, -0.0001984126982985795, 2.7557313707070068e-6, -2.5050760253406863e-8,
  1.58969099521155e-10,
];
const sineFirst = -0.16666666666666632;
const cosineTail = [
  0.0416666666666666, -0.001388888888887411, 2.480158728947673e-5, -2.7557314351390663e-7,
  2.087572321298175e-9, -1.1359647557788195e-11,
];

interface Reduced {
  readonly high: Value;
  readonly low: Value;
  /** The multiple of π/2 in the low bits of each lane. */
  readonly quadrant: Value;
}

function reduce(v: F64x2, x: Value): Reduced {
  const quadrant = v.add(v.mul(x, 2 / Math.PI), shifter);
  const n = v.sub(quadrant, shifter);
  const first = v.sub(x, v.mul(n, part1));
  const minus2 = v.neg(v.mul(n, part2));
  const second = v.add(first, minus2);
  const error2 = v.sumError(first, minus2, second);
  const minus3 = v.neg(v.mul(n, part3));
  const third = v.add(second, minus3);
  const error3 = v.sumError(second, minus3, third);
  const tail = v.add(error2, v.sub(error3, v.mul(n, rest)));
  const high = v.add(third, tail);
  return { high, low: v.add(v.sub(third, high), tail), quadrant };
}

function sine(v: F64x2, { high: x, low: y }: Reduced): Value {
  const z = v.mul(x, x);
  const cube = v.mul(z, x);
  const r = v.horner(z, sineTail);
  const correction = v.sub(v.mul(z, v.sub(v.mul(y, 0.5), v.mul(cube, r))), y);
  return v.sub(x, v.sub(correction, v.mul(cube, sineFirst)));
}

function cosine(v: F64x2, { high: x, low: y }: Reduced): Value {
  const z = v.mul(x, x);
  const r = v.mul(z, v.horner(z, cosineTail));
  const half = v.mul(z, 0.5);
  const w = v.sub(1, half);
  return v.add(w, v.add(v.sub(v.sub(1, w), half), v.sub(v.mul(z, r), v.mul(x, y))));
}

/** All ones where bit 0 of the lane is set. */
const odd = (v: F64x2, bits: Value): Value => v.f.op('i64x2.neg', v.and(bits, v.bits(1n)));

/** Bit 1 as the sign. */
const signFromBit1 = (v: F64x2, bits: Value): Value => v.shl(v.and(bits, v.bits(2n)), 62);

const inside = (v: F64x2, x: Value): Value => v.le(v.abs(x), largest);

function withSlow(v: F64x2, kernel: string, x: Value, value: Value): Value {
  return v.blend(v.not(inside(v, x)), value, () => v.scalarCall(kernel, x));
}

function sinBody(v: F64x2, [x]: readonly Value[]): Value {
  const r = reduce(v, x);
  const value = v.xor(v.select(odd(v, r.quadrant), cosine(v, r), sine(v, r)), signFromBit1(v, r.quadrant));
  // Tiny arguments are their own sines, the signed zero among them.
  return withSlow(v, 'Sin', x, v.select(v.lt(v.abs(x), 2 ** -27), x, value));
}

function cosBody(v: F64x2, [x]: readonly Value[]): Value {
  const r = reduce(v, x);
  const next = v.addBits(r.quadrant, v.bits(1n));
  const value = v.xor(v.select(odd(v, r.quadrant), sine(v, r), cosine(v, r)), signFromBit1(v, next));
  return withSlow(v, 'Cos', x, value);
}

function tanBody(v: F64x2, [x]: readonly Value[]): Value {
  const r = reduce(v, x);
  const [s, c] = [sine(v, r), cosine(v, r)];
  const swap = odd(v, r.quadrant);
  const quotient = v.div(v.select(swap, c, s), v.select(swap, s, c));
  const value = v.xor(quotient, v.and(swap, v.signMask));
  return withSlow(v, 'Tan', x, v.select(v.lt(v.abs(x), 2 ** -27), x, value));
}

/** @returns sin x, all arguments; error ≤ 1 ulp */
export const sin = (v: F64x2, x: Value): Value => v.call('sin', sinBody, x);

/** @returns cos x, all arguments; error ≤ 1 ulp */
export const cos = (v: F64x2, x: Value): Value => v.call('cos', cosBody, x);

/** @returns tan x, all arguments; error ≤ 2.5 ulp */
export const tan = (v: F64x2, x: Value): Value => v.call('tan', tanBody, x);

/** Cephes atan.c (Moshier 1995): (atan(x) − x)/x³ in x², |x| ≤ 0.66. */
const atanNumerator = [
  -64.85021904942025, -122.88666844901361, -75.00855792314705, -16.157537187333652, -0.8750608600031904,
];
const atanDenominator = [
  194.5506571482614, 485.3903996359137, 432.88106049129027, 165.02700983169885, 24.858464901423062, 1,
];
/** π/2 less its double. */
const halfPiLow = 6.123233995736766e-17;

function atanBody(v: F64x2, [x]: readonly Value[]): Value {
  const z = v.abs(x);
  const large = v.gt(z, 2.414213562373095);
  const middle = v.and(v.gt(z, 0.66), v.not(large));
  const numerator = v.select(large, -1, v.select(middle, v.sub(z, 1), z));
  const denominator = v.select(large, z, v.select(middle, v.add(z, 1), 1));
  const t = v.div(numerator, denominator);
  const square = v.mul(t, t);
  const ratio = v.div(v.horner(square, atanNumerator), v.horner(square, atanDenominator));
  const low = v.select(large, halfPiLow, v.and(middle, v.const(halfPiLow / 2)));
  const start = v.select(large, Math.PI / 2, v.and(middle, v.const(Math.PI / 4)));
  const value = v.add(start, v.add(t, v.add(v.mul(t, v.mul(square, ratio)), low)));
  return v.withSign(v.abs(value), x);
}

/** @returns arctan x, all arguments; error ≤ 1.5 ulp */
export const atan = (v: F64x2, x: Value): Value => v.call('atan', atanBody, x);
