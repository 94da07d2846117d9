/**
 * Philox4x32-10 one block at a time, for draws that reject: the same words as packages/ops/src/random/philox.ts. Key,
 * stream and the two uniforms of the loaded block are in globals.
 */
import type { Callee, FunctionBuilder, ModuleBuilder, Value } from '../assembler';

/** Multipliers and Weyl increments of Salmon et al. 2011, section 3.3 and table 2. */
const multipliers = [0xd2511f53, 0xcd9e8d57] as const;
const increments = [0x9e3779b9, 0xbb67ae85] as const;
const rounds = 10;

/** Global k: key (0, 1), stream (2, 3), uniforms of the last block (4, 5), its words (6 … 9); doubles all of them. */
export type Globals = (k: number) => number;

/** Two words → an odd multiple of 2^-53 in (0, 1). */
function open(f: FunctionBuilder, w0: Value, w1: Value): Value {
  const high = f.op('f64.convert_i32_u', f.op('i32.shr_u', w0, f.i32(6)));
  const low = f.op('f64.convert_i32_u', f.op('i32.shr_u', w1, f.i32(6)));
  const sum = f.op('f64.add', f.op('f64.add', f.op('f64.mul', high, f.f64(0x4000000)), low), f.f64(0.5));
  return f.op('f64.mul', sum, f.f64(2 ** -52));
}

/** (element, attempt) → loads their block; the result is of no use. */
export function philox(module: ModuleBuilder, globals: Globals): Callee {
  const { builder: f, callee } = module.function('philox', { params: ['f64', 'f64'], result: 'f64' });
  const word = (value: Value): Value => f.op('i32.trunc_sat_f64_u', value);
  let [a, b] = f.params.map(word);
  let [c, d] = [2, 3].map((k) => word(f.globalGet(globals(k))));
  let [x, y] = [0, 1].map((k) => word(f.globalGet(globals(k))));
  const product = (p: Value, factor: number): [Value, Value] => {
    const full = f.op('i64.mul', f.op('i64.extend_i32_u', p), f.i64(BigInt(factor)));
    return [f.op('i32.wrap_i64', f.op('i64.shr_u', full, f.i64(32n))), f.op('i32.wrap_i64', full)];
  };
  const xor = (p: Value, q: Value): Value => f.op('i32.xor', p, q);
  for (let round = 0; round < rounds; round++) {
    const [high0, low0] = product(a, multipliers[0]);
    const [high1, low1] = product(c, multipliers[1]);
    [a, b, c, d] = [xor(xor(high1, b), x), low1, xor(xor(high0, d), y), low0];
    x = f.op('i32.add', x, f.i32(increments[0] | 0));
    y = f.op('i32.add', y, f.i32(increments[1] | 0));
  }
  const words = [a, b, c, d].map((w) => f.variable(w));
  const get = (i: number): Value => f.get(words[i]);
  f.globalSet(globals(4), open(f, get(0), get(1)));
  f.globalSet(globals(5), open(f, get(2), get(3)));
  words.forEach((_, i) => f.globalSet(globals(6 + i), f.op('f64.convert_i32_u', get(i))));
  f.return(f.f64(0));
  return callee;
}

/** The first or second uniform of the loaded block. */
export function uniform(f: FunctionBuilder, globals: Globals, which: number): Value {
  return f.globalGet(globals(4 + which));
}
