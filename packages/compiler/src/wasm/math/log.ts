/**
 * log and log1p by table: x = 2^k·z, c is z rounded to 7 fraction bits, log x = k·ln2 + log c + log1p((z − c)/c).
 * z − c is exact, and c = 1 around 1, so that the relative error is small there too.
 */
import type { Value } from '../assembler';
import type { ConstantMemory } from './constant-memory';
import type { F64x2 } from './f64x2';
import { logOf, once } from './tables';

const fractionBits = 7n;
const dropped = 52n - fractionBits;
const one = 0x3ff0000000000000n;
/** z lies in [0.703125, 1.40625): the exponent is taken of x·2^… shifted by this. */
const lowest = 0x3fe6800000000000n;
/** Rows go on to 2, for `log1pUnit`. */
const two = 0x4000000000000000n;
/** ln2 in two parts, the first with 21 trailing zero bits (fdlibm). */
export const ln2High = 0.6931471803691238;
export const ln2Low = 1.9082149292705877e-10;
/** (log1p(r) − r)/r², |r| ≤ 1/128. */
const series = [-1 / 2, 1 / 3, -1 / 4, 1 / 5, -1 / 6, 1 / 7];
const smallestNormal = 2 ** -1022;

/** Pairs (1/c, log c) at the index made of the lowest exponent bit and the 7 fraction bits of c. */
const rows = once(() => {
  const pairs = new Float64Array(2 * 256);
  const c = new Float64Array(1);
  const bits = new BigInt64Array(c.buffer);
  for (let i = lowest >> dropped; i <= two >> dropped; i++) {
    bits[0] = i << dropped;
    pairs.set([1 / c[0], logOf(c[0])], 2 * Number(i & 255n));
  }
  return pairs;
});

const table = (memory: ConstantMemory): number => memory.place('log/128', rows);

interface Decomposed {
  readonly z: Value;
  readonly k: Value;
  /** k + 1023 in the exponent field. */
  readonly exponent: Value;
}

export function decompose(v: F64x2, x: Value): Decomposed {
  const biased = v.shrU(v.addBits(x, v.bits(one - lowest)), 52);
  const exponent = v.shl(biased, 52);
  const z = v.addBits(v.subBits(x, exponent), v.bits(one));
  const k = v.sub(v.or(biased, v.bits(0x4330000000000000n)), 2 ** 52 + 1023);
  return { z, k, exponent };
}

/** First table row, as bits of c above the dropped ones. */
export const lowestReduced = lowest >> dropped;

/** z rounded to 7 fraction bits, and its row in tables of 256. */
export function roundedReduced(v: F64x2, z: Value): { c: Value; index: Value } {
  const c = v.and(v.addBits(z, v.bits(1n << (dropped - 1n))), v.bits(~((1n << dropped) - 1n)));
  return { c, index: v.and(v.shrU(c, Number(dropped)), v.bits(255n)) };
}

/** log(2^k·(z + lost)). */
function assemble(v: F64x2, { z, k }: Decomposed, lost: Value | null): Value {
  const { c, index } = roundedReduced(v, z);
  const [inverse, logC] = v.gatherPairs(table(v.env.memory), v.shl(index, 4));
  const difference = v.sub(z, c);
  const r = v.mul(lost === null ? difference : v.add(difference, lost), inverse);
  const r2 = v.mul(r, r);
  const high = v.add(v.mul(k, ln2High), logC);
  return v.add(high, v.add(r, v.madd(r2, v.polynomial(r, series, r2), v.mul(k, ln2Low))));
}

/** Zeros, subnormals, negative numbers, infinity, NaN. */
function logSlow(v: F64x2, [x]: readonly Value[]): Value {
  const small = v.lt(x, smallestNormal);
  const parts = decompose(v, v.select(small, v.mul(x, 2 ** 54), x));
  const k = v.sub(parts.k, v.and(small, v.const(54)));
  const usual = assemble(v, { ...parts, k }, null);
  const positive = v.select(v.eq(x, Infinity), x, usual);
  const edge = v.select(v.eq(x, 0), -Infinity, NaN);
  return v.select(v.gt(x, 0), positive, edge);
}

/** @returns log x, all arguments; error ≤ 1.9 ulp */
export function log(v: F64x2, x: Value): Value {
  const fast = assemble(v, decompose(v, x), null);
  const slow = (): Value => v.f.call(v.env.outOfLine('log_slow', 1, logSlow), x);
  return v.unlessAll(v.and(v.ge(x, smallestNormal), v.le(x, Number.MAX_VALUE)), fast, slow);
}

/** What 1 + x loses when it is rounded to u (Knuth's two-sum). */
function roundingOf1p(v: F64x2, x: Value, u: Value): Value {
  const virtual = v.sub(u, 1);
  return v.add(v.sub(1, v.sub(u, virtual)), v.sub(x, virtual));
}

function log1pOf(v: F64x2, x: Value, u: Value): Value {
  const parts = decompose(v, u);
  const inverseScale = v.subBits(v.bits(2046n << 52n), parts.exponent);
  return assemble(v, parts, v.mul(roundingOf1p(v, x, u), inverseScale));
}

function log1pSlow(v: F64x2, [x]: readonly Value[]): Value {
  const u = v.add(x, 1);
  const large = v.gt(u, 2 ** 60);
  const usual = v.select(v.eq(x, Infinity), x, v.select(large, log(v, u), log1pOf(v, x, u)));
  return v.select(v.gt(x, -1), usual, v.select(v.eq(x, -1), -Infinity, NaN));
}

/** @returns log(1 + x), all arguments; error ≤ 1.9 ulp */
export function log1p(v: F64x2, x: Value): Value {
  const u = v.add(x, 1);
  const fast = v.or(log1pOf(v, x, u), v.signOf(x));
  const slow = (): Value => v.f.call(v.env.outOfLine('log1p_slow', 1, log1pSlow), x);
  return v.unlessAll(v.and(v.ge(u, 2 ** -54), v.le(u, 2 ** 1000)), fast, slow);
}

/** log(1 + x) for 0 ≤ x ≤ 1, NaN kept; no exponent to take apart, no branch. */
export function log1pUnit(v: F64x2, x: Value): Value {
  const u = v.add(x, 1);
  const { c, index } = roundedReduced(v, u);
  const [inverse, logC] = v.gatherPairs(table(v.env.memory), v.shl(index, 4));
  // x − (u − 1) is what rounding to u lost, exactly, because |x| ≤ 1.
  const r = v.mul(v.add(v.sub(u, c), v.sub(x, v.sub(u, 1))), inverse);
  const r2 = v.mul(r, r);
  return v.add(logC, v.madd(r2, v.polynomial(r, series, r2), r));
}
