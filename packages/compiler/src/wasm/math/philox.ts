/** Philox4x32-10 (Salmon et al. 2011), four blocks at a time, and uniforms of its words: the bits of packages/ops/src/random. */
import type { Value } from '../assembler';
import type { F64x2 } from './f64x2';

/** Multipliers and Weyl increments of Salmon et al. 2011, section 3.3 and table 2. */
const multipliers = [0xd2511f53, 0xcd9e8d57] as const;
const increments = [0x9e3779b9, 0xbb67ae85] as const;
const rounds = 10;

const evenWords = [0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27];
const oddWords = evenWords.map((b) => b + 4);

/** A 32-bit word in all four lanes. */
export function word(v: F64x2, value: number): Value {
  const address = v.env.memory.int32(value | 0);
  return v.f.invariant(`c${address}`, () => v.f.load('v128.load', v.f.i32(0), address));
}

/** High and low words of four 32-bit products. */
function product({ f }: F64x2, a: Value, factor: Value): [high: Value, low: Value] {
  const p = f.op('i64x2.extmul_low_i32x4_u', a, factor);
  const q = f.op('i64x2.extmul_high_i32x4_u', a, factor);
  return [f.shuffle(p, q, oddWords), f.shuffle(p, q, evenWords)];
}

/** e, e + 1, e + 2, e + 3. */
export function fourFrom(v: F64x2, e: Value): Value {
  const steps = v.env.memory.place('0123', () => Int32Array.of(0, 1, 2, 3));
  return v.f.op('i32x4.add', v.f.op('i32x4.splat', e), v.f.load('v128.load', v.f.i32(0), steps));
}

/**
 * The words of four blocks.
 * @param counter the four counter words, a lane for each block
 * @param key the two key words, in all lanes
 */
export function philoxBlocks(
  v: F64x2,
  counter: readonly [Value, Value, Value, Value],
  key: readonly [Value, Value],
): [Value, Value, Value, Value] {
  const { f } = v;
  let [a, b, c, d] = counter;
  let [x, y] = key;
  for (let round = 0; round < rounds; round++) {
    const [high0, low0] = product(v, a, word(v, multipliers[0]));
    const [high1, low1] = product(v, c, word(v, multipliers[1]));
    [a, b, c, d] = [v.xor(v.xor(high1, b), x), low1, v.xor(v.xor(high0, d), y), low0];
    x = f.op('i32x4.add', x, word(v, increments[0]));
    y = f.op('i32x4.add', y, word(v, increments[1]));
  }
  return [a, b, c, d];
}

/** The upper half of a vector in its lower half. */
export const upperHalf = ({ f }: F64x2, w: Value): Value =>
  f.shuffle(w, w, [8, 9, 10, 11, 12, 13, 14, 15, 8, 9, 10, 11, 12, 13, 14, 15]);

/** Words in the low half of a vector, shifted right, as doubles. */
const asDouble = (v: F64x2, w: Value, shift: number): Value =>
  v.f.op('f64x2.convert_low_i32x4_s', v.f.op('i32x4.shr_u', w, v.f.i32(shift)));

/** Two words → a multiple of 2^-53 in [0, 1). */
export const halfOpenUniform = (v: F64x2, w0: Value, w1: Value): Value =>
  v.mul(v.add(v.mul(asDouble(v, w0, 5), 2 ** 26), asDouble(v, w1, 6)), 2 ** -53);

/** Two words → an odd multiple of 2^-53 in (0, 1). */
export const openUniform = (v: F64x2, w0: Value, w1: Value): Value =>
  v.mul(v.add(v.add(v.mul(asDouble(v, w0, 6), 2 ** 26), asDouble(v, w1, 6)), 0.5), 2 ** -52);

/**
 * Eight uniforms of four blocks, in order, as four pairs: a block's words 0 and 1 make one, its words 2 and 3 the next.
 */
export function uniformPairs(
  v: F64x2,
  words: readonly [Value, Value, Value, Value],
  uniform: (v: F64x2, w0: Value, w1: Value) => Value,
): [Value, Value, Value, Value] {
  const half = ([w0, w1, w2, w3]: readonly Value[]): [Value, Value] => {
    const [first, second] = [uniform(v, w0, w1), uniform(v, w2, w3)];
    return [v.low(first, second), v.high(first, second)];
  };
  return [...half(words), ...half(words.map((w) => upperHalf(v, w)))];
}
