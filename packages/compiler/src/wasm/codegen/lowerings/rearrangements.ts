/** Kernels that put elements at places known when compiling, or not at all: gathers with constant indices, and a mask. */
import { findKernel, sizeOf, type Attrs, type DType, type NdArray, type Shape } from '@pyro-ts/ops';
import { labels } from '../../../graph/labels';
import type { GraphBuilder } from '../../../graph/builder';
import type { ValueId } from '../../../graph/graph';
import type { Composite, Lowering, NodeTypes } from '../lowering';

/** What the kernel makes of 1, 2, 3, …: where each element of its output comes from, and 0 where from nowhere. */
function sourcesOf(kernel: string, input: Shape, output: Shape, attrs: Attrs): Int32Array {
  const data = Int32Array.from({ length: sizeOf(input) }, (_, i) => i + 1);
  const numbered: NdArray = { data, shape: input, dtype: 'int32' };
  const [sources] = findKernel(kernel)?.compute([numbered], attrs, [{ shape: output, dtype: 'int32' }]) ?? [];
  return Int32Array.from(sources);
}

const zeros = (g: GraphBuilder, shape: Shape, dtype: DType): ValueId =>
  g.node('Fill', [], { shape: [...shape], value: 0, dtype });

/** A gather from the input in one piece, after a zero. */
export const gathered = (kernel: string): Composite => ({
  kind: 'composite',
  build: (g, [x], { inputs: [input], outputs: [output], attrs }: NodeTypes) => {
    const flat = g.node('Reshape', [x], { shape: [sizeOf(input.shape)] });
    const source = g.node('Concat', [zeros(g, [1], labels[input.dtype]), flat], { axis: 0 });
    const sources = sourcesOf(kernel, input.shape, output.shape, attrs);
    const picked = g.node('GatherV2', [source, g.constant(sources, [sources.length])], {
      axis: 0,
      batchDims: 0,
    });
    return [g.node('Reshape', [picked], { shape: [...output.shape] })];
  },
});

/** The band is decided by numbers known only when running: column less row against both. */
const matrixBandPart: Composite = {
  kind: 'composite',
  accepts: ({ inputs: [, lower, upper] }) => lower.dtype === 'int' && upper.dtype === 'int',
  build: (g, [x, lower, upper], { inputs: [{ shape, dtype }, ...bounds] }) => {
    const [rows, columns] = shape.slice(-2);
    const distance = (sign: number): ValueId =>
      g.constant(
        Int32Array.from(
          { length: rows * columns },
          (_, i) => sign * ((i % columns) - Math.floor(i / columns)),
        ),
        [rows, columns],
      );
    const within = (bound: ValueId, sign: number, i: number): ValueId => {
      const scalar = bounds[i].shape.length === 0 ? bound : g.node('Reshape', [bound], { shape: [] });
      const all = g.node('Less', [scalar, g.constant(Int32Array.of(0), [], 'int')]);
      return g.node('LogicalOr', [all, g.node('LessEqual', [distance(sign), scalar])]);
    };
    const band = g.node('LogicalAnd', [within(lower, -1, 0), within(upper, 1, 1)]);
    const mask = g.node('BroadcastTo', [band], { shape: [...shape] });
    return [g.node('Select', [mask, x, zeros(g, shape, labels[dtype])])];
  },
};

export const rearrangements = {
  MatrixBandPart: matrixBandPart,
  MirrorPad: gathered('MirrorPad'),
  StridedSliceGrad: gathered('StridedSliceGrad'),
} satisfies Record<string, Lowering>;
