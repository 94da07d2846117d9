/** The vocabulary in which the sampler's functions are written: vectors in memory, shared numbers, copies. */
import { wasmKit } from '@pyro-ts/compiler';
import { doublePlaces, wordPlaces, type DoubleName, type Layout, type WordName } from './layout';

type Callee = wasmKit.Callee;
type FunctionBuilder = wasmKit.FunctionBuilder;
type Signature = wasmKit.Signature;
export type Value = wasmKit.Value;
export type Variable = wasmKit.Variable;

/** An address: a value and a constant. */
export interface Pointer {
  readonly base: Value;
  readonly offset: number;
}

/** The program whose density is sampled. */
export interface Density {
  readonly run: Callee;
  readonly base: number;
  /** Addresses of position, value and gradient. */
  readonly position: number;
  readonly value: number;
  readonly gradient: number;
}

/** What all functions of the module share. */
export interface Context {
  readonly module: wasmKit.ModuleBuilder;
  readonly math: wasmKit.ModuleMath;
  readonly layout: Layout;
  readonly density: Density;
}

/** Vectors of up to so many pairs are handled without a loop; a loop handles so many pairs in a turn. */
const straightPairs = 8;
const unrolled = 4;

export class Writer {
  readonly v: wasmKit.F64x2;

  constructor(
    readonly f: FunctionBuilder,
    readonly context: Context,
  ) {
    this.v = new wasmKit.F64x2(f, context.math);
  }

  get layout(): Layout {
    return this.context.layout;
  }

  double(name: DoubleName): Value {
    return this.f.load('f64.load', this.f.i32(0), this.layout.doubles + 8 * doublePlaces[name]);
  }
  setDouble(name: DoubleName, value: Value): void {
    this.f.store('f64.store', this.f.i32(0), value, this.layout.doubles + 8 * doublePlaces[name]);
  }
  word(name: WordName): Value {
    return this.f.load('i32.load', this.f.i32(0), this.addressOf(name));
  }
  setWord(name: WordName, value: Value): void {
    this.f.store('i32.store', this.f.i32(0), value, this.addressOf(name));
  }

  fixed(address: number): Pointer {
    return { base: this.f.i32(0), offset: address };
  }
  at(base: Value, offset = 0): Pointer {
    return { base, offset };
  }

  addressOf(name: WordName): number {
    return this.layout.words + 4 * wordPlaces[name];
  }

  /** A pair of doubles, or one and a zero. */
  load({ base, offset }: Pointer, pair: boolean): Value {
    return this.f.load(pair ? 'v128.load' : 'v128.load64_zero', base, offset);
  }
  store({ base, offset }: Pointer, value: Value, pair: boolean): void {
    if (pair) this.f.store('v128.store', base, value, offset);
    else this.f.store('v128.store64_lane', base, value, offset);
  }

  /** Runs over vectors that begin at the pointers, two entries at a time; the last entry of an odd number alone. */
  each(pointers: readonly Pointer[], body: (at: readonly Pointer[], pair: boolean) => void): void {
    const { f } = this;
    const { dim } = this.layout;
    const pairs = dim >> 1;
    const moved = (by: number, of = pointers): Pointer[] =>
      of.map(({ base, offset }) => ({ base, offset: offset + by }));
    let done = 0;
    if (pairs > straightPairs) {
      done = pairs - (pairs % unrolled);
      const index = f.variable(f.i32(0));
      f.loop((again) => {
        const here = pointers.map(({ base, offset }) => ({
          base: isZero(base) ? f.get(index) : f.op('i32.add', base, f.get(index)),
          offset,
        }));
        for (let u = 0; u < unrolled; u++) body(moved(16 * u, here), true);
        f.set(index, f.op('i32.add', f.get(index), f.i32(16 * unrolled)));
        f.branchIf(again, f.op('i32.lt_u', f.get(index), f.i32(16 * done)));
      });
    }
    for (let pair = done; pair < pairs; pair++) body(moved(16 * pair), true);
    if (dim % 2 === 1) body(moved(16 * pairs), false);
  }

  copy(to: Pointer, from: Pointer): void {
    const { f } = this;
    const { dim } = this.layout;
    if (dim <= 2 * straightPairs) {
      this.each([to, from], ([t, s], pair) => this.store(t, this.load(s, pair), pair));
    } else f.op('memory.copy', this.address(to), this.address(from), f.i32(8 * dim));
  }

  private address({ base, offset }: Pointer): Value {
    if (isZero(base)) return this.f.i32(offset);
    return offset === 0 ? base : this.f.op('i32.add', base, this.f.i32(offset));
  }

  zero(): Variable {
    return this.f.variable(this.v.const(0));
  }
  /** sum + a·b, two lanes. */
  accumulate(sum: Variable, a: Value, b: Value): void {
    this.f.set(sum, this.v.add(this.f.get(sum), this.v.mul(a, b)));
  }
  /** The sum of both lanes. */
  total(sum: Variable): Value {
    const lane = (i: number): Value => this.f.lane('f64x2.extract_lane', i, this.f.get(sum));
    return this.f.op('f64.add', lane(0), lane(1));
  }
  splat(x: Value): Value {
    return this.f.op('f64x2.splat', x);
  }
}

const isZero = ({ def }: Value): boolean => def.kind === 'const' && def.value === 0;

/** Adds a function. */
export function define(
  context: Context,
  name: string,
  params: Signature['params'],
  result: Signature['result'],
  body: (w: Writer, params: readonly Value[]) => void,
  exportAs?: string,
): Callee {
  const { builder, callee } = context.module.function(
    name,
    { params, result },
    exportAs === undefined ? {} : { exportAs },
  );
  body(new Writer(builder, context), builder.params);
  return callee;
}
