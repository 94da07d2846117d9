/** Two doubles at a time: the vocabulary in which elementary functions are written. */
import type { Callee, FunctionBuilder, InstructionName, Value, Variable } from '../assembler';
import { scalarFunctionOf } from '../scalar/names';
import type { ConstantMemory } from './constant-memory';

/** What a function needs from the module around it. */
export interface MathEnvironment {
  readonly memory: ConstantMemory;
  /** Fused multiply-add may be used. */
  readonly relaxed: boolean;
  /** A function of vectors, made on first use. */
  outOfLine(name: string, arity: number, body: (v: F64x2, args: readonly Value[]) => Value): Callee;
  /** Imported: (function number, x, y) → value of a kernel in JavaScript, one element at a time. */
  readonly scalarMath: Callee;
  /** The number of a kernel of one or two operands among those that the module calls in JavaScript. */
  scalarIndex(kernel: string): number;
  /** A function of single numbers that was translated from ops (wasm/scalar). */
  scalar(name: string): Callee;
  /** The index of a global of the random generator (wasm/scalar/philox.ts). */
  randomGlobal(k: number): number;
}

export class F64x2 {
  constructor(
    readonly f: FunctionBuilder,
    readonly env: MathEnvironment,
  ) {}

  /** The constant in both lanes, loaded once outside of loops. */
  const(value: number): Value {
    const address = this.env.memory.float64(value);
    return this.f.invariant(`c${address}`, () => this.f.load('v128.load', this.f.i32(0), address));
  }

  bits(value: bigint): Value {
    const address = this.env.memory.bits64(value);
    return this.f.invariant(`c${address}`, () => this.f.load('v128.load', this.f.i32(0), address));
  }

  private value(x: Value | number): Value {
    return typeof x === 'number' ? this.const(x) : x;
  }

  private binary(name: InstructionName, a: Value | number, b: Value | number): Value {
    return this.f.op(name, this.value(a), this.value(b));
  }

  add(a: Value | number, b: Value | number): Value {
    return this.binary('f64x2.add', a, b);
  }
  sub(a: Value | number, b: Value | number): Value {
    return this.binary('f64x2.sub', a, b);
  }
  mul(a: Value | number, b: Value | number): Value {
    return this.binary('f64x2.mul', a, b);
  }
  div(a: Value | number, b: Value | number): Value {
    return this.binary('f64x2.div', a, b);
  }
  /** a·b + c, fused if the program allows it. */
  madd(a: Value | number, b: Value | number, c: Value | number): Value {
    if (!this.env.relaxed) return this.add(this.mul(a, b), c);
    return this.f.op('f64x2.relaxed_madd', this.value(a), this.value(b), this.value(c));
  }
  /** b < a ? b : a; NaN in `a` stays. */
  pmin(a: Value | number, b: Value | number): Value {
    return this.binary('f64x2.pmin', a, b);
  }
  pmax(a: Value | number, b: Value | number): Value {
    return this.binary('f64x2.pmax', a, b);
  }
  sqrt(a: Value): Value {
    return this.f.op('f64x2.sqrt', a);
  }

  get signMask(): Value {
    return this.bits(1n << 63n);
  }
  abs(a: Value): Value {
    return this.and(a, this.bits((1n << 63n) - 1n));
  }
  neg(a: Value): Value {
    return this.xor(a, this.signMask);
  }
  signOf(a: Value): Value {
    return this.and(a, this.signMask);
  }
  /** |magnitude| with the sign of `sign`; magnitude must not be negative. */
  withSign(magnitude: Value, sign: Value): Value {
    return this.or(magnitude, this.signOf(sign));
  }

  and(a: Value, b: Value): Value {
    return this.f.op('v128.and', a, b);
  }
  or(a: Value, b: Value): Value {
    return this.f.op('v128.or', a, b);
  }
  xor(a: Value, b: Value): Value {
    return this.f.op('v128.xor', a, b);
  }
  not(a: Value): Value {
    return this.f.op('v128.not', a);
  }
  select(mask: Value, a: Value | number, b: Value | number): Value {
    return this.f.op('v128.bitselect', this.value(a), this.value(b), mask);
  }
  lt(a: Value | number, b: Value | number): Value {
    return this.binary('f64x2.lt', a, b);
  }
  le(a: Value | number, b: Value | number): Value {
    return this.binary('f64x2.le', a, b);
  }
  gt(a: Value | number, b: Value | number): Value {
    return this.binary('f64x2.gt', a, b);
  }
  ge(a: Value | number, b: Value | number): Value {
    return this.binary('f64x2.ge', a, b);
  }
  eq(a: Value | number, b: Value | number): Value {
    return this.binary('f64x2.eq', a, b);
  }
  ne(a: Value | number, b: Value | number): Value {
    return this.binary('f64x2.ne', a, b);
  }

  addBits(a: Value, b: Value): Value {
    return this.f.op('i64x2.add', a, b);
  }
  subBits(a: Value, b: Value): Value {
    return this.f.op('i64x2.sub', a, b);
  }
  shl(a: Value, count: number): Value {
    return this.f.op('i64x2.shl', a, this.f.i32(count));
  }
  shrU(a: Value, count: number): Value {
    return this.f.op('i64x2.shr_u', a, this.f.i32(count));
  }

  /** c₀ + c₁x + … : Horner's scheme. */
  horner(x: Value, coefficients: readonly number[]): Value {
    let sum: Value | number = coefficients[coefficients.length - 1];
    for (let i = coefficients.length - 2; i >= 0; i--) sum = this.madd(sum, x, coefficients[i]);
    return this.value(sum);
  }

  /** c₀ + c₁x + … in Estrin's order: shorter dependency chains. `square` is x² where it is known. */
  polynomial(x: Value, coefficients: readonly number[], square: Value | null = null): Value {
    let terms: (Value | number)[] = [...coefficients];
    let power = x;
    let next = square;
    while (terms.length > 1) {
      const pairs: (Value | number)[] = [];
      for (let i = 0; i + 1 < terms.length; i += 2) pairs.push(this.madd(terms[i + 1], power, terms[i]));
      if (terms.length % 2 === 1) pairs.push(terms[terms.length - 1]);
      terms = pairs;
      if (terms.length > 1) power = next ?? this.mul(power, power);
      next = null;
    }
    return this.value(terms[0]);
  }

  /** Low 32 bits of each 64-bit lane as addresses. */
  laneIndex(bits: Value, lane: 0 | 1): Value {
    return this.f.lane('i32x4.extract_lane', lane * 2, bits);
  }

  /** Two doubles at table + byte offset in each lane. */
  gather(table: number, offsets: Value): Value {
    const first = this.f.load('v128.load64_zero', this.laneIndex(offsets, 0), table);
    return this.f.loadLane('v128.load64_lane', 1, this.laneIndex(offsets, 1), table, first);
  }

  /** Pairs of doubles at table + byte offset in each lane, as [firsts, seconds]. */
  gatherPairs(table: number, offsets: Value): [Value, Value] {
    const a = this.f.load('v128.load', this.laneIndex(offsets, 0), table);
    const b = this.f.load('v128.load', this.laneIndex(offsets, 1), table);
    return [this.low(a, b), this.high(a, b)];
  }

  /** [a₀, b₀] */
  low(a: Value, b: Value): Value {
    return this.f.shuffle(a, b, [0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23]);
  }
  /** [a₁, b₁] */
  high(a: Value, b: Value): Value {
    return this.f.shuffle(a, b, [8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31]);
  }

  /** `fast`, or where any lane is outside the mask, what `slow` gives for the whole vector. */
  unlessAll(inside: Value, fast: Value, slow: () => Value): Value {
    const result: Variable = this.f.variable(fast);
    this.f.if(this.f.op('i32.eqz', this.f.op('i64x2.all_true', inside)), () => this.f.set(result, slow()));
    return this.f.get(result);
  }

  /** `otherwise` where no lane is in the mask, else `special()` in the lanes of the mask. */
  blend(mask: Value, otherwise: Value, special: () => Value): Value {
    const result = this.f.variable(otherwise);
    this.f.if(this.f.op('v128.any_true', mask), () => {
      const value = special();
      this.f.set(result, this.select(mask, value, this.f.get(result)));
    });
    return this.f.get(result);
  }

  /** A call of a function of vectors that the module has once. */
  call(name: string, body: (v: F64x2, args: readonly Value[]) => Value, ...args: Value[]): Value {
    return this.f.call(this.env.outOfLine(name, args.length, body), ...args);
  }

  trunc(a: Value): Value {
    return this.f.op('f64x2.trunc', a);
  }

  /** What rounding a + b to s lost (Knuth). */
  sumError(a: Value, b: Value, s: Value): Value {
    const bb = this.sub(s, a);
    return this.add(this.sub(a, this.sub(s, bb)), this.sub(b, bb));
  }

  /** What rounding a·b to p lost (Dekker); |a|, |b| < 2^996. */
  productError(a: Value, b: Value, p: Value): Value {
    const split = (x: Value): [Value, Value] => {
      const t = this.mul(x, 134217729);
      const high = this.sub(t, this.sub(t, x));
      return [high, this.sub(x, high)];
    };
    const [ah, al] = split(a);
    const [bh, bl] = split(b);
    const rest = this.sub(this.sub(this.sub(p, this.mul(ah, bh)), this.mul(al, bh)), this.mul(ah, bl));
    return this.sub(this.mul(al, bl), rest);
  }

  /** A vector of the values of a translated function of numbers. */
  lanewise(name: string, ...args: readonly Value[]): Value {
    const callee = this.env.scalar(name);
    const lane = (i: number): Value =>
      this.f.call(callee, ...args.map((x) => this.f.lane('f64x2.extract_lane', i, x)));
    const first = this.f.op('f64x2.splat', lane(0));
    return this.f.lane('f64x2.replace_lane', 1, first, lane(1));
  }

  /** A vector of a kernel's values, computed one by one: by a function of the module, or in JavaScript for the rest. */
  scalarCall(kernel: string, ...args: readonly Value[]): Value {
    const name = scalarFunctionOf[kernel];
    if (name !== undefined)
      return this.call(`lanes_${name}`, (v, given) => v.lanewise(name, ...given), ...args);
    const [x, y = x] = args;
    const index = this.env.scalarIndex(kernel);
    const lane = (i: number): Value =>
      this.f.call(
        this.env.scalarMath,
        this.f.i32(index),
        this.f.lane('f64x2.extract_lane', i, x),
        this.f.lane('f64x2.extract_lane', i, y),
      );
    const first = this.f.op('f64x2.splat', lane(0));
    return this.f.lane('f64x2.replace_lane', 1, first, lane(1));
  }
}
