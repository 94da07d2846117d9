/**
 * Random numbers by Philox4x32-10, four blocks at a time: the same bits as packages/ops/src/random. Only kernels whose
 * draws need no rejection are here.
 */
import { sizeOf } from '@pyro-ts/ops';
import type { Value } from '../../assembler';
import type { F64x2 } from '../../math';
import { normalQuantile, portableLog } from '../../math/normal-quantile';
import { fourFrom, halfOpenUniform, openUniform, philoxBlocks, upperHalf, word } from '../../math/philox';
import type { KernelContext } from '../kernel-context';
import type { Loops } from '../lowering';
import type { Address } from '../memory-lanes';

/** Counter word 1 of folded keys. */
const keyLane = 0xc0000000;

export class Philox {
  private readonly v: F64x2;

  constructor(private readonly c: KernelContext) {
    this.v = c.lanes.f64x2;
  }

  private key(i: number): Value {
    const { pointer, offset } = this.c.input(0);
    return this.c.f.load('v128.load32_splat', pointer, offset + 4 * i);
  }

  /** The words of four blocks, whose counters' first words are the lanes of `element`. */
  blocks(element: Value, second: number): [Value, Value, Value, Value] {
    const stream = this.c.attrs['stream'] as readonly [number, number];
    const counter = [element, ...[second, ...stream].map((w) => word(this.v, w))] as const;
    return philoxBlocks(this.v, counter as [Value, Value, Value, Value], [this.key(0), this.key(1)]);
  }

  /** Elements e, e + 1, e + 2, e + 3. */
  elements(e: Value): Value {
    return fourFrom(this.v, e);
  }
}

type Draw = (v: F64x2, w0: Value, w1: Value) => Value;

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
      const eight = (block: Value, at: Address, count: number): void => {
        const words = philox.blocks(philox.elements(block), 0);
        const half = (four: readonly Value[], start: number): void => {
          if (start >= count) return;
          const [w0, w1, w2, w3] = four;
          const first = draw(v, w0, w1);
          const second = draw(v, w2, w3);
          [v.low(first, second), v.high(first, second)].forEach((pair, k) => {
            const from = start + k * 2;
            const place = { pointer: at.pointer, offset: at.offset + from * c.bytes('float') };
            if (from < count) storePair(c, place, pair, Math.min(2, count - from));
          });
        };
        half(words, 0);
        half(
          words.map((w) => upperHalf(v, w)),
          4,
        );
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
  PhiloxUniform: fromPairs(halfOpenUniform),
  PhiloxOpenUniform: fromPairs(openUniform),
  PhiloxNormal: fromPairs((v, w0, w1) => normalQuantile(v, openUniform(v, w0, w1))),
  PhiloxExponential: fromPairs((v, w0, w1) => v.neg(portableLog(v, openUniform(v, w0, w1)))),
};
