/** Kernels written in terms of others. */
import type { GraphBuilder } from '../../../graph/builder';
import type { ValueId } from '../../../graph/graph';
import { axisAttr } from '../axes';
import type { Composite } from '../lowering';
import { einsum } from './einsum';
import { gathered } from './rearrangements';

/** x less its maximum along the axis (where that is finite), and that maximum. */
function shifted(g: GraphBuilder, x: ValueId, axis: number): ValueId {
  const max = g.node('Max', [x], { axis: [axis], keepDims: true });
  const finite = g.node('IsFinite', [max]);
  const { shape } = g.typeOf(max);
  const zero = g.node('Fill', [], { shape, value: 0, dtype: 'float32' });
  return g.node('Sub', [x, g.node('Select', [finite, max, zero])]);
}

const sumOf = (g: GraphBuilder, x: ValueId, axis: number): ValueId =>
  g.node('Sum', [x], { axis: [axis], keepDims: true });

const softmax: Composite = {
  kind: 'composite',
  build: (g, [x], { inputs: [{ shape }], attrs }) => {
    const axis = axisAttr(attrs, 'dim', shape.length, -1);
    const e = g.node('Exp', [shifted(g, x, axis)]);
    return [g.node('RealDiv', [e, sumOf(g, e, axis)])];
  },
};

const logSoftmax: Composite = {
  kind: 'composite',
  build: (g, [x], { inputs: [{ shape }], attrs }) => {
    const axis = axisAttr(attrs, 'axis', shape.length, -1);
    const s = shifted(g, x, axis);
    return [g.node('Sub', [s, g.node('Log', [sumOf(g, g.node('Exp', [s]), axis)])])];
  },
};

/** The diagonal matrix, as a vector times the identity. */
const diag: Composite = {
  kind: 'composite',
  accepts: ({ inputs: [{ shape, dtype }] }) => shape.length === 1 && dtype === 'float',
  otherwise: gathered('Diag'),
  build: (g, [x], { inputs: [{ shape }] }) => {
    const [n] = shape;
    const identity = Uint8Array.from({ length: n * n }, (_, i) => (i % (n + 1) === 0 ? 1 : 0));
    const zero = g.node('Fill', [], { shape: [n, n], value: 0, dtype: 'float32' });
    return [
      g.node('Select', [
        g.constant(identity, [n, n], 'bool'),
        g.node('BroadcastTo', [x], { shape: [n, n] }),
        zero,
      ]),
    ];
  },
};

/** One-hot rows: the indices compared with 0, 1, 2, … */
const oneHot: Composite = {
  kind: 'composite',
  build: (g, [indices], { inputs: [{ shape }], outputs: [out], attrs }) => {
    const depth = attrs['depth'] as number;
    const column = g.node('Reshape', [indices], { shape: [...shape, 1] });
    const hit = g.node('Equal', [
      column,
      g.constant(
        Int32Array.from({ length: depth }, (_, i) => i),
        [depth],
      ),
    ]);
    const dtype = out.dtype === 'float' ? 'float32' : out.dtype === 'int' ? 'int32' : 'bool';
    const fill = (value: number): ValueId => g.node('Fill', [], { shape: out.shape, value, dtype });
    const on = (attrs['onValue'] as number | undefined) ?? 1;
    const off = (attrs['offValue'] as number | undefined) ?? 0;
    return [g.node('Select', [hit, fill(on), fill(off)])];
  },
};

export const composites = {
  Softmax: softmax,
  LogSoftmax: logSoftmax,
  Diag: diag,
  OneHot: oneHot,
  Einsum: einsum,
};
