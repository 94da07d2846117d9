/**
 * exp and expm1 by table: x = k·ln2/64 + r, e^x = 2^(k/64)·e^r with |r| ≤ ln2/128 (Tang 1989, "Table-driven
 * implementation of the exponential function in IEEE floating-point arithmetic").
 */
import type { Value } from '../assembler';
import type { ConstantMemory } from './constant-memory';
import type { F64x2 } from './f64x2';
import { exp2Fraction } from './tables';

const steps = 64;
const shifter = 1.5 * 2 ** 52;
/** ln2/64 in two parts; the first has 32 trailing zero bits, so that k times it is exact (fdlibm's ln2HI, ln2LO). */
const stepHigh = 0.6931471803691238 / steps;
const stepLow = 1.9082149292705877e-10 / steps;
/** Beyond, results overflow or are subnormal. */
const safe = 708;

/** Pairs (2^(j/64) rounded, what rounding lost). */
function table(memory: ConstantMemory): number {
  return memory.place('exp2/64', () => {
    const pairs = new Float64Array(2 * steps);
    for (let j = 0; j < steps; j++) pairs.set(exp2Fraction(j, steps), 2 * j);
    return pairs;
  });
}

interface Reduced {
  /** k as the low bits of an integer lane. */
  readonly bits: Value;
  /** e^r − 1 */
  readonly tail: Value;
}

function reduce(
  v: F64x2,
  x: Value,
  terms: readonly number[] = [1 / 6, 1 / 24, 1 / 120],
  low: Value | null = null,
): Reduced {
  const shifted = v.madd(x, steps / Math.LN2, shifter);
  const k = v.sub(shifted, shifter);
  const exact = v.sub(v.sub(x, v.mul(k, stepHigh)), v.mul(k, stepLow));
  const r = low === null ? exact : v.add(exact, low);
  const r2 = v.mul(r, r);
  return { bits: shifted, tail: v.madd(r2, v.madd(r, v.horner(r, terms), 0.5), r) };
}

/** 16·(k mod 64): byte offset into the table of pairs. */
const offsets = (v: F64x2, bits: Value): Value => v.shl(v.and(bits, v.bits(63n)), 4);

/** (k div 64) in the exponent field. */
const exponent = (v: F64x2, bits: Value): Value => v.shl(v.and(bits, v.bits(~63n)), 46);

/** Any argument; overflow, subnormal results, infinities and NaN by scaling in two steps. */
function expSlow(v: F64x2, [x0]: readonly Value[]): Value {
  const x = v.pmax(v.pmin(x0, 710), -746);
  const { bits, tail } = reduce(v, x);
  const t = v.gather(table(v.env.memory), offsets(v, bits));
  const value = v.madd(t, tail, t);
  // 2^e = 2^(e/2 rounded down) · 2^(the rest); e + 2048 is positive, so that the shift may be unsigned.
  const e = v.shrU(v.and(v.addBits(bits, v.bits(2048n * 64n)), v.bits((1n << 20n) - 1n)), 6);
  const half = v.shrU(e, 1);
  const power = (n: Value): Value => v.shl(v.subBits(n, v.bits(1n)), 52);
  return v.mul(v.mul(value, power(half)), power(v.subBits(e, half)));
}

/** @returns e^x, all arguments; error ≤ 1.3 ulp */
export function exp(v: F64x2, x: Value): Value {
  const { bits, tail } = reduce(v, x);
  const t = v.addBits(v.gather(table(v.env.memory), offsets(v, bits)), exponent(v, bits));
  const fast = v.madd(t, tail, t);
  return v.unlessAll(v.le(v.abs(x), safe), fast, () => v.f.call(v.env.outOfLine('exp_slow', 1, expSlow), x));
}

/** e^(x + low) for |x| ≤ 708 and a small low part; garbage elsewhere. */
export function expSum(v: F64x2, x: Value, low: Value): Value {
  const { bits, tail } = reduce(v, x, undefined, low);
  const t = v.addBits(v.gather(table(v.env.memory), offsets(v, bits)), exponent(v, bits));
  return v.madd(t, tail, t);
}

/** @returns e^x − 1, all arguments; error ≤ 1.7 ulp */
export function expm1(v: F64x2, x: Value): Value {
  // One more term than exp needs: where e^x is near 1, the error of the tail is not hidden by the table entry.
  const { bits, tail } = reduce(v, x, [1 / 6, 1 / 24, 1 / 120, 1 / 720]);
  const scale = exponent(v, bits);
  const [t, tLow] = v.gatherPairs(table(v.env.memory), offsets(v, bits));
  const scaled = v.addBits(t, scale);
  const scaledLow = v.mul(tLow, v.addBits(scale, v.const(1)));
  const fast = v.withSign(v.abs(v.add(v.sub(scaled, 1), v.madd(scaled, tail, scaledLow))), x);
  const inside = v.le(v.abs(x), safe);
  const slow = (): Value => v.sub(v.f.call(v.env.outOfLine('exp_slow', 1, expSlow), x), 1);
  return v.unlessAll(inside, fast, () => v.select(inside, fast, slow()));
}
