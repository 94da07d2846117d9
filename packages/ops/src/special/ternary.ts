/** The broadcasting kernel of three operands. */
import { sizeOf, type Shape } from '../data/nd-array';
import type { KernelSpec } from '../kernels/kernel';
import { broadcastShapes, broadcastStrides, collapse, eachRow } from '../kernels/strided';

/** y = f(a, b, x) over the broadcast shape, in floats. */
export function ternary(f: (a: number, b: number, x: number) => number): KernelSpec {
  const common = (a: Shape, b: Shape, x: Shape): Shape => broadcastShapes(broadcastShapes(a, b), x);
  return {
    inputs: ['a', 'b', 'x'],
    infer: ([a, b, x]) => [{ shape: common(a.shape, b.shape, x.shape), dtype: 'float32' }],
    compute([a, b, x], _attrs, [{ shape }]) {
      const y = new Float64Array(sizeOf(shape));
      const walk = collapse(
        shape,
        [a, b, x].map((operand) => broadcastStrides(operand.shape, shape)),
      );
      const last = walk.shape.length - 1;
      const [sa, sb, sx] = walk.strides.map((s) => s[last]);
      let at = 0;
      eachRow(walk, [0, 0, 0], ([oa, ob, ox]) => {
        for (let i = 0; i < walk.shape[last]; i++) {
          y[at++] = f(a.data[oa + i * sa], b.data[ob + i * sb], x.data[ox + i * sx]);
        }
      });
      return [y];
    },
  };
}
