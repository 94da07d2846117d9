/**
 * exp and expm1 by table: x = k·ln2/256 + r, e^x = 2^(k/256)·e^r with |r| ≤ ln2/512 (Tang 1989, "Table-driven
 * implementation of the exponential function in IEEE floating-point arithmetic").
 */
import type { Value } from '../assembler';
import type { ConstantMemory } from './constant-memory';
import type { F64x2 } from './f64x2';
import { exp2Fractions, once } from './tables';

const steps = 256;
/** k div 256 is moved into the exponent field by this shift. */
const toExponent = 44;
const shifter = 1.5 * 2 ** 52;
/** ln2/256 in two parts; the first has 32 trailing zero bits, so that k times it is exact (fdlibm's ln2HI, ln2LO). */
const stepHigh = 0.6931471803691238 / steps;
const stepLow = 1.9082149292705877e-10 / steps;
/** Beyond, results overflow or are subnormal. */
const safe = 708;

const fractions = once(() => exp2Fractions(steps));

/** 2^(j/256) as bits, less j in the place where k is going to be added: then k mod 256 need not be masked. */
const entries = once(() => {
  const doubles = Float64Array.from(fractions(), ([high]) => high);
  const bits = new BigInt64Array(doubles.buffer);
  bits.forEach((entry, j) => (bits[j] = entry - (BigInt(j) << BigInt(toExponent))));
  return doubles;
});

/** Pairs (2^(j/256) rounded, what rounding lost). */
const pairs = once(() => Float64Array.from(fractions().flat()));

const table = (memory: ConstantMemory): number => memory.place('exp2/256', entries);
const tableOfPairs = (memory: ConstantMemory): number => memory.place('exp2 pairs/256', pairs);

interface Reduced {
  /** k as the low bits of an integer lane. */
  readonly bits: Value;
  /** e^r − 1 */
  readonly tail: Value;
}

function reduce(
  v: F64x2,
  x: Value,
  terms: readonly number[] = [1 / 6, 1 / 24],
  low: Value | null = null,
): Reduced {
  const shifted = v.madd(x, steps / Math.LN2, shifter);
  const k = v.sub(shifted, shifter);
  const exact = v.sub(v.sub(x, v.mul(k, stepHigh)), v.mul(k, stepLow));
  const r = low === null ? exact : v.add(exact, low);
  const r2 = v.mul(r, r);
  return { bits: shifted, tail: v.madd(r2, v.madd(r, v.horner(r, terms), 0.5), r) };
}

/** k mod 256 times the size of an entry: byte offset into a table. */
const offsets = (v: F64x2, bits: Value, log2Size: number): Value =>
  v.shl(v.and(bits, v.bits(BigInt(steps - 1))), log2Size);

/** 2^(k/256)·(1 + tail). */
function assembled(v: F64x2, { bits, tail }: Reduced): Value {
  const t = v.addBits(v.gather(table(v.env.memory), offsets(v, bits, 3)), v.shl(bits, toExponent));
  return v.madd(t, tail, t);
}

/** Any argument; overflow, subnormal results, infinities and NaN by scaling in two steps. */
function expSlow(v: F64x2, [x0]: readonly Value[]): Value {
  const x = v.pmax(v.pmin(x0, 710), -746);
  const { bits, tail } = reduce(v, x);
  const [t] = v.gatherPairs(tableOfPairs(v.env.memory), offsets(v, bits, 4));
  const value = v.madd(t, tail, t);
  // 2^e = 2^(e/2 rounded down) · 2^(the rest); e + 2048 is positive, so that the shift may be unsigned.
  const e = v.shrU(v.and(v.addBits(bits, v.bits(2048n * BigInt(steps))), v.bits((1n << 22n) - 1n)), 8);
  const half = v.shrU(e, 1);
  const power = (n: Value): Value => v.shl(v.subBits(n, v.bits(1n)), 52);
  return v.mul(v.mul(value, power(half)), power(v.subBits(e, half)));
}

/** @returns e^x, all arguments; error ≤ 1.3 ulp */
export function exp(v: F64x2, x: Value): Value {
  const fast = assembled(v, reduce(v, x));
  return v.unlessAll(v.le(v.abs(x), safe), fast, () => v.f.call(v.env.outOfLine('exp_slow', 1, expSlow), x));
}

/** e^(x + low) for |x| ≤ 708 and a small low part; garbage elsewhere. */
export function expSum(v: F64x2, x: Value, low: Value): Value {
  return assembled(v, reduce(v, x, undefined, low));
}

/** @returns e^x − 1, all arguments; error ≤ 1.7 ulp */
export function expm1(v: F64x2, x: Value): Value {
  // One more term than exp needs: where e^x is near 1, the error of the tail is not hidden by the table entry.
  const { bits, tail } = reduce(v, x, [1 / 6, 1 / 24, 1 / 120]);
  // (k div 256) in the exponent field.
  const scale = v.shl(v.and(bits, v.bits(~BigInt(steps - 1))), toExponent);
  const [t, tLow] = v.gatherPairs(tableOfPairs(v.env.memory), offsets(v, bits, 4));
  const scaled = v.addBits(t, scale);
  const scaledLow = v.mul(tLow, v.addBits(scale, v.const(1)));
  const fast = v.withSign(v.abs(v.add(v.sub(scaled, 1), v.madd(scaled, tail, scaledLow))), x);
  const inside = v.le(v.abs(x), safe);
  const slow = (): Value => v.sub(v.f.call(v.env.outOfLine('exp_slow', 1, expSlow), x), 1);
  return v.unlessAll(inside, fast, () => v.select(inside, fast, slow()));
}
