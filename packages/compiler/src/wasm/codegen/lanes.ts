/**
 * Vectors of program values. A vector has 2 lanes in float64 and 4 in float32 programs.
 *
 * | dtype | float64 program                | float32 program |
 * |-------|--------------------------------|-----------------|
 * | float | f64x2                          | f32x4           |
 * | int   | i32x4, the low two lanes count | i32x4           |
 * | bool  | all-ones or zero per 64 bits   | … per 32 bits   |
 *
 * In memory an int has 4 bytes and a bool one, as in the arrays that go in and out.
 */
import type { ValueDType } from '../../graph/graph';
import type { FunctionBuilder, InstructionName, Value } from '../assembler';
import { elementary, F64x2, type ElementaryName, type MathEnvironment } from '../math';

export type Precision = 'float64' | 'float32';

/** A vector and what its lanes are. */
export interface Lane {
  readonly value: Value;
  readonly dtype: ValueDType;
  /** The number in every lane, if it is known. */
  readonly literal?: number;
}

/** A whole vector, or its first element only. */
export type Extent = 'vector' | 'first';

type FloatOp = 'add' | 'sub' | 'mul' | 'div' | 'min' | 'max' | 'eq' | 'ne' | 'lt' | 'gt' | 'le' | 'ge';
type FloatUnary = 'abs' | 'neg' | 'sqrt' | 'floor' | 'ceil' | 'trunc' | 'nearest';
type IntOp = 'add' | 'sub' | 'mul' | 'min_s' | 'max_s' | 'eq' | 'ne' | 'lt_s' | 'gt_s' | 'le_s' | 'ge_s';

const table: Readonly<Record<ElementaryName, (v: F64x2, ...args: readonly Value[]) => Value>> = elementary;

const identityBytes = Array.from({ length: 16 }, (_, i) => i);

export class Lanes {
  readonly width: 2 | 4;
  readonly f64x2: F64x2;
  /** Results that several kernels of one loop body share (e^−|x| of sigmoid and softplus). */
  private shared = new Map<string, Map<Value, Value>>();

  constructor(
    readonly f: FunctionBuilder,
    readonly env: MathEnvironment,
    readonly precision: Precision,
  ) {
    this.width = precision === 'float64' ? 2 : 4;
    this.f64x2 = new F64x2(f, env);
  }

  private get prefix(): 'f64x2' | 'f32x4' {
    return this.precision === 'float64' ? 'f64x2' : 'f32x4';
  }

  bytesOf(dtype: ValueDType): number {
    if (dtype === 'float') return this.precision === 'float64' ? 8 : 4;
    return dtype === 'int' ? 4 : 1;
  }

  /** Bytes that a lane takes in a register. */
  laneBytes(dtype: ValueDType): number {
    return dtype === 'int' || this.width === 4 ? 4 : 8;
  }

  /** Forgets shared results; to be called wherever control flow makes earlier values unreachable. */
  forget(): void {
    this.shared = new Map();
  }

  /** What is shared within the body is forgotten after it: for code that may not run. */
  scoped(body: () => void): void {
    const outer = this.shared;
    this.shared = new Map([...outer].map(([key, values]) => [key, new Map(values)]));
    body();
    this.shared = outer;
  }

  once(key: string, x: Value, make: () => Value): Value {
    let values = this.shared.get(key);
    if (values === undefined) {
      values = new Map<Value, Value>();
      this.shared.set(key, values);
    }
    let value = values.get(x);
    if (value === undefined) values.set(x, (value = make()));
    return value;
  }

  // ---- constants

  private poolConstant(address: number): Value {
    return this.f.invariant(`c${address}`, () => this.f.load('v128.load', this.f.i32(0), address));
  }

  constant(dtype: ValueDType, value: number): Value {
    const { memory } = this.env;
    if (dtype === 'int') return this.poolConstant(memory.int32(value));
    if (dtype === 'bool') return this.poolConstant(memory.int32(value === 0 ? 0 : -1));
    return this.poolConstant(this.precision === 'float64' ? memory.float64(value) : memory.float32(value));
  }

  float(value: number): Value {
    return this.constant('float', value);
  }

  /** All ones in the first `count` lanes. */
  laneMask(count: number, dtype: ValueDType): Value {
    const bytes = this.laneBytes(dtype);
    const address = this.env.memory.place(`mask:${count * bytes}`, () =>
      new Uint8Array(16).fill(255, 0, count * bytes),
    );
    return this.poolConstant(address);
  }

  // ---- arithmetic

  op(name: FloatOp, a: Value, b: Value): Value {
    return this.f.op(`${this.prefix}.${name}` as InstructionName, a, b);
  }

  unary(name: FloatUnary, a: Value): Value {
    return this.f.op(`${this.prefix}.${name}` as InstructionName, a);
  }

  int(name: IntOp, a: Value, b: Value): Value {
    return this.f.op(`i32x4.${name}` as InstructionName, a, b);
  }

  madd(a: Value, b: Value, c: Value): Value {
    if (!this.env.relaxed) return this.op('add', this.op('mul', a, b), c);
    return this.f.op(`${this.prefix}.relaxed_madd`, a, b, c);
  }

  and(a: Value, b: Value): Value {
    return this.f.op('v128.and', a, b);
  }
  or(a: Value, b: Value): Value {
    return this.f.op('v128.or', a, b);
  }
  not(a: Value): Value {
    return this.f.op('v128.not', a);
  }
  select(mask: Value, a: Value, b: Value): Value {
    return this.f.op('v128.bitselect', a, b, mask);
  }

  /** b where the mask is not set, else 0. */
  without(mask: Value, b: Value): Value {
    return this.f.op('v128.andnot', b, mask);
  }

  /** The larger (`min`: smaller) of two floats, NaN if either is; of −0 and 0 the first. Faster than the instruction. */
  extreme(name: 'max' | 'min', a: Value, b: Value): Value {
    const chosen = this.f.op(`${this.prefix}.p${name}` as InstructionName, a, b);
    return this.or(chosen, this.op('ne', b, b));
  }

  /** A mask over floats or bools, made fit to select ints. */
  intMask(mask: Value): Value {
    return this.width === 4
      ? mask
      : this.f.shuffle(mask, mask, [0, 1, 2, 3, 8, 9, 10, 11, ...identityBytes.slice(8)]);
  }

  /** A mask over ints (their comparison), made a bool. */
  boolOfIntMask(mask: Value): Value {
    return this.width === 4 ? mask : this.f.op('i64x2.extend_low_i32x4_s', mask);
  }

  convert(x: Lane, to: ValueDType): Value {
    const { value, dtype } = x;
    if (dtype === to) return value;
    const { f } = this;
    if (to === 'float') {
      if (dtype === 'bool') return this.and(value, this.float(1));
      return f.op(this.width === 4 ? 'f32x4.convert_i32x4_s' : 'f64x2.convert_low_i32x4_s', value);
    }
    if (to === 'int') {
      if (dtype === 'bool') return this.and(this.intMask(value), this.constant('int', 1));
      // NaN, infinities and what does not fit become 0.
      const fits = this.and(value, this.op('lt', this.unary('abs', value), this.float(2 ** 31)));
      return f.op(this.width === 4 ? 'i32x4.trunc_sat_f32x4_s' : 'i32x4.trunc_sat_f64x2_s_zero', fits);
    }
    if (dtype === 'float') return this.op('ne', value, this.float(0));
    return this.boolOfIntMask(this.int('ne', value, this.constant('int', 0)));
  }

  /** An elementary function of floats. */
  math(name: ElementaryName, ...args: Value[]): Value {
    return this.inDouble((...xs) => table[name](this.f64x2, ...xs), args);
  }

  /** Applies a function of f64x2 vectors; float32 lanes are promoted, and the result rounded once. */
  inDouble(body: (...args: Value[]) => Value, args: readonly Value[]): Value {
    if (this.precision === 'float64') return body(...args);
    const { f } = this;
    const high = (x: Value): Value => f.shuffle(x, x, [...identityBytes.slice(8), ...identityBytes.slice(8)]);
    const low = body(...args.map((x) => f.op('f64x2.promote_low_f32x4', x)));
    const upper = body(...args.map((x) => f.op('f64x2.promote_low_f32x4', high(x))));
    const a = f.op('f32x4.demote_f64x2_zero', low);
    const b = f.op('f32x4.demote_f64x2_zero', upper);
    return f.shuffle(a, b, [0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23]);
  }

  /**
   * 1/x for multiplying with it instead of dividing: within an ulp of the quotient. Reciprocals that would overflow
   * stay finite, so that 0/x is 0 for every x but 0.
   */
  reciprocal(x: Value): Value {
    const largest = this.float(this.precision === 'float64' ? Number.MAX_VALUE : (2 - 2 ** -23) * 2 ** 127);
    const exact = this.op('div', this.float(1), x);
    const bounded = this.op('max', this.op('min', exact, largest), this.unary('neg', largest));
    return this.select(this.op('eq', x, this.float(0)), exact, bounded);
  }

  // ---- moving lanes

  /** The vector with lane `lanes[j]` of `sources[j]` in lane j. */
  pick(dtype: ValueDType, sources: readonly Value[], lanes: readonly number[]): Value {
    const bytes = this.laneBytes(dtype);
    const pattern = (at: readonly number[]): number[] => {
      const out = at.flatMap((lane) => Array.from({ length: bytes }, (_, i) => lane * bytes + i));
      while (out.length < 16) out.push(out[out.length - bytes]);
      return out;
    };
    if (this.width === 2)
      return this.f.shuffle(sources[0], sources[1], pattern([lanes[0], lanes[1] + 16 / bytes]));
    const a = this.f.shuffle(sources[0], sources[1], pattern([lanes[0], lanes[1] + 4]));
    const b = this.f.shuffle(sources[2], sources[3], pattern([lanes[2], lanes[3] + 4]));
    return this.f.shuffle(a, b, pattern([0, 1, 4, 5]));
  }

  /** Folds the lanes of one vector; the result is in every lane. */
  horizontal(dtype: ValueDType, x: Value, combine: (a: Value, b: Value) => Value): Value {
    if (this.width === 2) return combine(x, this.pick(dtype, [x, x], [1, 0]));
    const pairs = combine(x, this.pick(dtype, [x, x, x, x], [1, 0, 3, 2]));
    return combine(pairs, this.pick(dtype, [pairs, pairs, pairs, pairs], [2, 3, 0, 1]));
  }
}
