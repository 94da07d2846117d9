/** Where sums in memory begin. */
import { sizeOf } from '@pyro-ts/ops';
import type { Emitter } from './emitter';
import type { Scatter } from './loop-parts';
import { storeLanes } from './memory-lanes';

/** Results that are added to in memory start at the identity. */
export function fillIdentity(e: Emitter, a: Scatter): void {
  const { f, lanes: l } = e;
  const [output] = a.node.outputs;
  const n = sizeOf(e.typeOf(output).shape);
  const value = l.constant(a.dtype, a.lowering.identity(a.dtype));
  const vectors = Math.floor(n / l.width);
  const step = l.width * e.bytesOf(output);
  const { offset } = e.target(output);
  if (vectors > 0) {
    const at = f.variable(e.base);
    const end = f.op('i32.add', e.base, f.i32(vectors * step));
    f.loop((again) => {
      storeLanes(l, a.dtype, { pointer: f.get(at), offset }, value, l.width);
      f.set(at, f.op('i32.add', f.get(at), f.i32(step)));
      f.branchIf(again, f.op('i32.lt_u', f.get(at), end));
    });
  }
  const rest = n % l.width;
  if (rest > 0) storeLanes(l, a.dtype, e.target(output, vectors * l.width), value, rest);
}
