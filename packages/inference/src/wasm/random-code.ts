/** Random numbers of a transition: the uniforms and normals of `randomSource`, in the same order. */
import { wasmKit } from '@pyro-ts/compiler';
import { define, type Context } from './writer';

export interface RandomCode {
  /** () → the next uniform in (0, 1). */
  readonly uniform: wasmKit.Callee;
  /** (address): writes `dim` standard normals, the first numbers of the transition. */
  readonly normals: wasmKit.Callee;
}

export function randomCode(context: Context): RandomCode {
  const { uniforms, dim } = context.layout;

  /** (address): the eight uniforms of the next four blocks. */
  const refill = define(context, 'refill', ['i32'], null, (w, [to]) => {
    const { f, v } = w;
    const splat = (name: 'key0' | 'key1' | 'purpose' | 'chain' | 'iteration') =>
      f.load('v128.load32_splat', f.i32(0), w.addressOf(name));
    const block = w.word('block');
    const words = wasmKit.philoxBlocks(
      v,
      [wasmKit.fourFrom(v, block), splat('iteration'), splat('chain'), splat('purpose')],
      [splat('key0'), splat('key1')],
    );
    wasmKit
      .uniformPairs(v, words, wasmKit.openUniform)
      .forEach((pair, i) => f.store('v128.store', to, pair, 16 * i));
    w.setWord('block', f.op('i32.add', block, f.i32(4)));
  });

  const uniform = define(context, 'uniform', [], 'f64', (w) => {
    const { f } = w;
    const next = f.variable(w.word('nextUniform'));
    f.if(f.op('i32.eq', f.get(next), w.word('endOfUniforms')), () => {
      f.call(refill, f.i32(uniforms));
      f.set(next, f.i32(uniforms));
      w.setWord('endOfUniforms', f.i32(uniforms + 64));
    });
    w.setWord('nextUniform', f.op('i32.add', f.get(next), f.i32(8)));
    f.return(f.load('f64.load', f.get(next)));
  });

  const normals = define(context, 'normals', ['i32'], null, (w, [to]) => {
    const { f, v } = w;
    const end = uniforms + 64 * Math.ceil(dim / 8);
    w.setWord('block', f.i32(0));
    const at = f.variable(f.i32(uniforms));
    f.loop((again) => {
      f.call(refill, f.get(at));
      f.set(at, f.op('i32.add', f.get(at), f.i32(64)));
      f.branchIf(again, f.op('i32.lt_u', f.get(at), f.i32(end)));
    });
    w.each([w.at(to), w.fixed(uniforms)], ([target, u], pair) => {
      w.store(target, wasmKit.normalQuantile(v, w.load(u, pair)), pair);
    });
    w.setWord('nextUniform', f.i32(uniforms + 8 * dim));
    w.setWord('endOfUniforms', f.i32(end));
  });

  return { uniform, normals };
}
