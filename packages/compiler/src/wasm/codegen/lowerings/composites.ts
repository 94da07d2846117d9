/** Kernels written in terms of others. */
import type { GraphBuilder } from '../../../graph/builder';
import type { ValueId } from '../../../graph/graph';
import { axisAttr } from '../axes';
import type { Composite, NodeTypes } from '../lowering';

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

interface Terms {
  readonly a: string;
  readonly b: string;
  readonly out: string;
}

function pairTerms({ attrs }: NodeTypes): Terms | null {
  const [left, out] = (attrs['equation'] as string).replace(/\s/g, '').split('->');
  const terms = left.split(',');
  const simple = (t: string): boolean => /^[a-zA-Z]*$/.test(t) && new Set(t).size === t.length;
  if (terms.length !== 2 || out === undefined || ![...terms, out].every(simple)) return null;
  return { a: terms[0], b: terms[1], out };
}

/** Products of two operands: a batched matrix product between transposes. */
const einsum: Composite = {
  kind: 'composite',
  accepts: (types) => pairTerms(types) !== null && types.outputs[0].dtype === 'float',
  build: (g, inputs, types) => {
    const { a, b, out } = pairTerms(types) as Terms;
    const size = new Map<string, number>();
    [a, b].forEach((t, i) => [...t].forEach((c, axis) => size.set(c, types.inputs[i].shape[axis])));
    const operand = (x: ValueId, term: string, other: string): [ValueId, string] => {
      const alone = [...term]
        .map((c, i) => (!other.includes(c) && !out.includes(c) ? i : -1))
        .filter((i) => i >= 0);
      if (alone.length === 0) return [x, term];
      const kept = [...term].filter((_, i) => !alone.includes(i)).join('');
      return [g.node('Sum', [x], { axis: alone, keepDims: false }), kept];
    };
    const [x, ta] = operand(inputs[0], a, b);
    const [y, tb] = operand(inputs[1], b, a);
    const both = [...ta].filter((c) => tb.includes(c));
    const batch = both.filter((c) => out.includes(c));
    const summed = both.filter((c) => !out.includes(c));
    const rows = [...ta].filter((c) => !tb.includes(c));
    const columns = [...tb].filter((c) => !ta.includes(c));
    const volume = (labels: readonly string[]): number =>
      labels.reduce((n, c) => n * (size.get(c) as number), 1);
    const arrange = (value: ValueId, term: string, order: readonly string[][]): ValueId => {
      const perm = order.flat().map((c) => term.indexOf(c));
      return g.node('Reshape', [g.node('Transpose', [value], { perm })], { shape: order.map(volume) });
    };
    const left = arrange(x, ta, [batch, rows, summed]);
    const right = arrange(y, tb, [batch, summed, columns]);
    const product = g.node('BatchMatMul', [left, right], { transposeA: false, transposeB: false });
    const labels = [...batch, ...rows, ...columns];
    const open = g.node('Reshape', [product], { shape: labels.map((c) => size.get(c) as number) });
    return [g.node('Transpose', [open], { perm: [...out].map((c) => labels.indexOf(c)) })];
  },
};

export const composites = {
  Softmax: softmax,
  LogSoftmax: logSoftmax,
  Diag: diag,
  OneHot: oneHot,
  Einsum: einsum,
};
