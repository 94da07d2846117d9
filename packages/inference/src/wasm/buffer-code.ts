/** Momentum buffers: taken by points, given back when a join drops one. All are free again at the next transition. */
import type { wasmKit } from '@pyro-ts/compiler';
import { define, type Context, type Writer } from './writer';

export interface BufferCode {
  /** () → a buffer. */
  readonly take: wasmKit.Callee;
  /** (buffer) */
  readonly give: wasmKit.Callee;
  /** Frees all. */
  reset(w: Writer): void;
}

export function bufferCode(context: Context): BufferCode {
  const { freeList, pool, buffer } = context.layout;
  const take = define(context, 'take', [], 'i32', (w) => {
    const { f } = w;
    const top = w.word('freeBuffers');
    f.if(f.op('i32.eq', top, f.i32(freeList)), () => {
      const fresh = w.word('freshBuffer');
      w.setWord('freshBuffer', f.op('i32.add', fresh, f.i32(buffer)));
      f.return(fresh);
    });
    const below = f.op('i32.sub', top, f.i32(4));
    w.setWord('freeBuffers', below);
    f.return(f.load('i32.load', below));
  });
  const give = define(context, 'give', ['i32'], null, (w, [unused]) => {
    const { f } = w;
    const top = w.word('freeBuffers');
    f.store('i32.store', top, unused);
    w.setWord('freeBuffers', f.op('i32.add', top, f.i32(4)));
  });
  return {
    take,
    give,
    reset(w) {
      w.setWord('freshBuffer', w.f.i32(pool));
      w.setWord('freeBuffers', w.f.i32(freeList));
    },
  };
}
