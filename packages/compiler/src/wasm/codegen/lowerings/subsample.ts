/**
 * k of n without replacement: the first k steps of a Fisher–Yates shuffle, with the moved positions in a hash table (see
 * packages/ops/src/random/subsample-draw.ts). A draw that would have to be repeated to be unbiased, which happens once in
 * 2^32 / n, has the whole sample drawn again in JavaScript: the same one, since both use the same words.
 */
import type { Value } from '../../assembler';
import { emitFallback } from '../emit-fallback';
import type { KernelContext } from '../kernel-context';
import type { Loops } from '../lowering';
import { Philox } from './random';

/** 2^32 / golden ratio, odd: Knuth's multiplicative hashing, "The Art of Computer Programming" 3, §6.4. */
const multiplier = 0x9e3779b1;

/** At most half of the table is filled. */
const tableBits = (k: number): number => Math.max(2, Math.ceil(Math.log2(2 * k)));
/** A key (position + 1; 0: empty) and what has moved there. */
const entryBytes = 8;

/** Element i's first random word, for all i, to the scratch output. */
function drawWords(c: KernelContext, k: number, words: number): void {
  const philox = new Philox(c);
  const to = c.output(words);
  c.range(Math.ceil(k / 4) * 4, 4, (i) => {
    const [first] = philox.blocks(philox.elements(i()), 0);
    const { pointer, offset } = c.moved(to, c.scaled(i(), 4));
    c.f.store('v128.store', pointer, first, offset);
  });
}

/** Where a position is in the table, or the empty place where it would be. */
function find(c: KernelContext, table: Value, bits: number, key: Value): Value {
  const { f } = c;
  const hash = f.op('i32.shr_u', f.op('i32.mul', key, f.i32(multiplier | 0)), f.i32(32 - bits));
  const at = f.variable(hash);
  const place = (): Value => f.op('i32.add', table, f.op('i32.shl', f.get(at), f.i32(3)));
  f.block((found) =>
    f.loop((again) => {
      const held = f.load('i32.load', place());
      f.branchIf(found, f.op('i32.eqz', held));
      f.branchIf(found, f.op('i32.eq', held, key));
      f.set(at, f.op('i32.and', f.op('i32.add', f.get(at), f.i32(1)), f.i32(2 ** bits - 1)));
      f.branch(again);
    }),
  );
  return place();
}

const subsample: Loops = {
  kind: 'loops',
  scratch: ({ attrs }) => {
    const k = attrs['k'] as number;
    return [Math.ceil(k / 4) * 4, (entryBytes / 4) * 2 ** tableBits(k)].map((size) => ({
      shape: [size],
      dtype: 'int',
    }));
  },
  emit: (c) => {
    const { f } = c;
    const { n, k } = c.attrs as Readonly<Record<string, number>>;
    const bits = tableBits(k);
    const address = (output: number): Value => {
      const { pointer, offset } = c.output(output);
      return f.op('i32.add', pointer, f.i32(offset));
    };
    drawWords(c, k, 1);
    c.fill(0, 2);
    const [drawn, words, table] = [address(0), address(1), address(2)];
    const isBiased = f.variable(f.i32(0));
    c.range(k, 1, (index) => {
      const i = index();
      const here = (base: Value): Value => f.op('i32.add', base, f.op('i32.shl', i, f.i32(2)));
      // A uniform integer below n − i: Lemire, "Fast random integer generation in an interval" (2019).
      const range = f.op('i32.sub', f.i32(n), i);
      const product = f.op(
        'i64.mul',
        f.op('i64.extend_i32_u', f.load('i32.load', here(words))),
        f.op('i64.extend_i32_u', range),
      );
      const low = f.op('i32.wrap_i64', product);
      f.set(isBiased, f.op('i32.or', f.get(isBiased), f.op('i32.lt_u', low, range)));
      const j = f.op('i32.add', i, f.op('i32.wrap_i64', f.op('i64.shr_u', product, f.i64(32n))));
      const key = f.op('i32.add', j, f.i32(1));
      const own = f.op('i32.add', i, f.i32(1));
      const entry = find(c, table, bits, key);
      const isNew = f.op('i32.eqz', f.load('i32.load', entry));
      const value = f.variable(j);
      f.if(
        isNew,
        () => undefined,
        () => f.set(value, f.load('i32.load', entry, 4)),
      );
      f.store('i32.store', here(drawn), f.get(value));
      f.if(f.op('i32.ne', i, j), () => {
        const mine = find(c, table, bits, own);
        const moved = f.variable(i);
        f.if(f.op('i32.eq', f.load('i32.load', mine), own), () => f.set(moved, f.load('i32.load', mine, 4)));
        f.store('i32.store', entry, key);
        f.store('i32.store', entry, f.get(moved), 4);
      });
    });
    f.if(f.get(isBiased), () => emitFallback(c.e, c.node, true));
  },
};

export const subsamples = { PhiloxSubsample: subsample };
