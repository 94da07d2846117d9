/**
 * Random numbers by Philox4x32-10, four blocks at a time: the same bits as packages/ops/src/random. Only kernels whose
 * draws need no rejection are here.
 */
import { sizeOf } from '@pyro-ts/ops';
import type { FunctionBuilder, Value } from '../../assembler';
import type { F64x2 } from '../../math';
import { normalQuantile, portableLog } from '../../math/normal-quantile';
import type { KernelContext } from '../kernel-context';
import type { Loops } from '../lowering';
import type { Address } from '../memory-lanes';

/** Multipliers and Weyl increments of Salmon et al. 2011, section 3.3 and table 2. */
const multipliers = [0xd2511f53, 0xcd9e8d57] as const;
const increments = [0x9e3779b9, 0xbb67ae85] as const;
const rounds = 10;
/** Counter word 1 of folded keys. */
const keyLane = 0xc0000000;

const evenWords = [0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27];
const oddWords = evenWords.map((b) => b + 4);

class Philox {
  private readonly f: FunctionBuilder;

  constructor(private readonly c: KernelContext) {
    this.f = c.f;
  }

  private word(value: number): Value {
    return this.c.lanes.constant('int', value | 0);
  }

  /** High and low words of four 32-bit products. */
  private product(a: Value, factor: Value): [high: Value, low: Value] {
    const { f } = this;
    const p = f.op('i64x2.extmul_low_i32x4_u', a, factor);
    const q = f.op('i64x2.extmul_high_i32x4_u', a, factor);
    return [f.shuffle(p, q, oddWords), f.shuffle(p, q, evenWords)];
  }

  private key(i: number): Value {
    const { pointer, offset } = this.c.input(0);
    return this.f.load('v128.load32_splat', pointer, offset + 4 * i);
  }

  /** The words of four blocks, whose counters' first words are the lanes of `element`. */
  blocks(element: Value, second: number): [Value, Value, Value, Value] {
    const { f } = this;
    const stream = this.c.attrs['stream'] as readonly [number, number];
    const xor = (a: Value, b: Value): Value => f.op('v128.xor', a, b);
    let [a, b, c, d] = [element, this.word(second), this.word(stream[0]), this.word(stream[1])];
    let [x, y] = [this.key(0), this.key(1)];
    for (let round = 0; round < rounds; round++) {
      const [high0, low0] = this.product(a, this.word(multipliers[0]));
      const [high1, low1] = this.product(c, this.word(multipliers[1]));
      [a, b, c, d] = [xor(xor(high1, b), x), low1, xor(xor(high0, d), y), low0];
      x = f.op('i32x4.add', x, this.word(increments[0]));
      y = f.op('i32x4.add', y, this.word(increments[1]));
    }
    return [a, b, c, d];
  }

  /** Elements e, e + 1, e + 2, e + 3. */
  elements(e: Value): Value {
    const { f } = this;
    const steps = this.c.lanes.env.memory.place('0123', () => Int32Array.of(0, 1, 2, 3));
    return f.op('i32x4.add', f.op('i32x4.splat', e), f.load('v128.load', f.i32(0), steps));
  }
}

type Draw = (v: F64x2, w0: Value, w1: Value) => Value;

/** Words in the low half of a vector, shifted right, as doubles. */
const asDouble = (v: F64x2, w: Value, shift: number): Value =>
  v.f.op('f64x2.convert_low_i32x4_s', v.f.op('i32x4.shr_u', w, v.f.i32(shift)));

/** Two words → a multiple of 2^-53 in [0, 1). */
const halfOpen: Draw = (v, w0, w1) =>
  v.mul(v.add(v.mul(asDouble(v, w0, 5), 2 ** 26), asDouble(v, w1, 6)), 2 ** -53);

/** Two words → an odd multiple of 2^-53 in (0, 1). */
const open: Draw = (v, w0, w1) =>
  v.mul(v.add(v.add(v.mul(asDouble(v, w0, 6), 2 ** 26), asDouble(v, w1, 6)), 0.5), 2 ** -52);

/** Stores up to two doubles in the program's precision. */
function storePair(c: KernelContext, { pointer, offset }: Address, pair: Value, count: number): void {
  const { f } = c;
  if (c.bytes('float') === 8) {
    if (count === 2) f.store('v128.store', pointer, pair, offset);
    else f.store('v128.store64_lane', pointer, pair, offset);
    return;
  }
  const single = f.op('f32x4.demote_f64x2_zero', pair);
  f.store(count === 2 ? 'v128.store64_lane' : 'v128.store32_lane', pointer, single, offset);
}

/** One draw from each half of a block: element 2e from words 0 and 1, element 2e + 1 from words 2 and 3. */
function fromPairs(draw: Draw): Loops {
  return {
    kind: 'loops',
    emit: (c) => {
      const { f, lanes } = c;
      const v = lanes.f64x2;
      const n = sizeOf(c.outputType().shape);
      const philox = new Philox(c);
      const target = c.output();
      const upper = (w: Value): Value =>
        f.shuffle(w, w, [8, 9, 10, 11, 12, 13, 14, 15, 8, 9, 10, 11, 12, 13, 14, 15]);
      const eight = (block: Value, at: Address, count: number): void => {
        const words = philox.blocks(philox.elements(block), 0);
        for (let half = 0; half < 2 && half * 4 < count; half++) {
          const [w0, w1, w2, w3] = half === 0 ? words : words.map(upper);
          const first = draw(v, w0, w1);
          const second = draw(v, w2, w3);
          [v.low(first, second), v.high(first, second)].forEach((pair, k) => {
            const from = half * 4 + k * 2;
            const place = { pointer: at.pointer, offset: at.offset + from * c.bytes('float') };
            if (from < count) storePair(c, place, pair, Math.min(2, count - from));
          });
        }
      };
      const full = Math.floor(n / 8);
      c.range(full, 1, (i) =>
        eight(c.scaled(i(), 4), c.moved(target, c.scaled(i(), 8 * c.bytes('float'))), 8),
      );
      if (n % 8 > 0) eight(f.i32(full * 4), c.output(0, full * 8), n % 8);
    },
  };
}

/** Element i is word i mod 4 of block ⌊i / 4⌋. */
const bits: Loops = {
  kind: 'loops',
  emit: (c) => {
    const { f } = c;
    const n = sizeOf(c.outputType().shape);
    const philox = new Philox(c);
    const target = c.output();
    const sixteen = (block: Value, { pointer, offset }: Address, count: number): void => {
      const words = philox.blocks(philox.elements(block), 0);
      for (let i = 0; i < count; i++) {
        f.store('v128.store32_lane', pointer, words[i % 4], offset + 4 * i, { lane: Math.floor(i / 4) });
      }
    };
    const full = Math.floor(n / 16);
    c.range(full, 1, (i) => sixteen(c.scaled(i(), 4), c.moved(target, c.scaled(i(), 64)), 16));
    if (n % 16 > 0) sixteen(f.i32(full * 4), c.output(0, full * 16), n % 16);
  },
};

/** A new key from a key and a number. */
const foldKey: Loops = {
  kind: 'loops',
  accepts: ({ inputs: [, data] }) => data.dtype === 'int',
  emit: (c) => {
    const { f } = c;
    const { pointer, offset } = c.input(1);
    const words = new Philox(c).blocks(f.load('v128.load32_splat', pointer, offset), keyLane);
    const target = c.output();
    for (let i = 0; i < 2; i++) f.store('v128.store32_lane', target.pointer, words[i], target.offset + 4 * i);
  },
};

export const random = {
  PhiloxBits: bits,
  PhiloxFoldKey: foldKey,
  PhiloxUniform: fromPairs(halfOpen),
  PhiloxOpenUniform: fromPairs(open),
  PhiloxNormal: fromPairs((v, w0, w1) => normalQuantile(v, open(v, w0, w1))),
  PhiloxExponential: fromPairs((v, w0, w1) => v.neg(portableLog(v, open(v, w0, w1)))),
};
