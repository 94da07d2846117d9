/** Sums of products in index notation: diagonals first, then pair by pair. */
import { sizeOf } from '@pyro-ts/ops';
import type { GraphBuilder } from '../../../graph/builder';
import type { ValueId } from '../../../graph/graph';
import type { Composite } from '../lowering';
import { rowMajor } from '../view';

interface Operand {
  readonly value: ValueId;
  /** A letter for each axis. */
  readonly term: string;
}

/** Products of two operands: a batched matrix product between transposes. */
function product(
  g: GraphBuilder,
  [first, second]: readonly Operand[],
  out: string,
  size: ReadonlyMap<string, number>,
): ValueId {
  const [a, b] = [first.term, second.term];
  const inputs = [first.value, second.value];
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
  const matrices = g.node('BatchMatMul', [left, right], { transposeA: false, transposeB: false });
  const labels = [...batch, ...rows, ...columns];
  const open = g.node('Reshape', [matrices], { shape: labels.map((c) => size.get(c) as number) });
  return g.node('Transpose', [open], { perm: [...out].map((c) => labels.indexOf(c)) });
}

/** The operand with every letter once: of repeated ones the diagonal. */
function diagonal(g: GraphBuilder, { value, term }: Operand): Operand {
  const { shape } = g.typeOf(value);
  const letters = [...new Set(term)].join('');
  if (letters === term) return { value, term };
  const strides = rowMajor(shape);
  const kept = [...letters].map((c) => shape[term.indexOf(c)]);
  const steps = [...letters].map((c) => [...term].reduce((sum, t, i) => sum + (t === c ? strides[i] : 0), 0));
  const own = rowMajor(kept);
  const places = Int32Array.from({ length: sizeOf(kept) }, (_, i) =>
    kept.reduce((at, n, d) => at + (Math.floor(i / own[d]) % n) * steps[d], 0),
  );
  const flat = g.node('Reshape', [value], { shape: [sizeOf(shape)] });
  const picked = g.node('GatherV2', [flat, g.constant(places, [places.length])], { axis: 0, batchDims: 0 });
  return { value: g.node('Reshape', [picked], { shape: kept }), term: letters };
}

/** One operand: what the output lacks is summed, the rest put in order. */
function alone(g: GraphBuilder, { value, term }: Operand, out: string): ValueId {
  const axis = [...term].map((c, i) => (out.includes(c) ? -1 : i)).filter((i) => i >= 0);
  const kept = [...term].filter((c) => out.includes(c));
  const sum = axis.length === 0 ? value : g.node('Sum', [value], { axis, keepDims: false });
  return g.node('Transpose', [sum], { perm: [...out].map((c) => kept.indexOf(c)) });
}

export const einsum: Composite = {
  kind: 'composite',
  accepts: ({ inputs, outputs }) => [...inputs, ...outputs].every(({ dtype }) => dtype === 'float'),
  build: (g, inputs, { inputs: types, attrs }) => {
    const [left, out] = (attrs['equation'] as string).replace(/\s/g, '').split('->');
    const terms = left.split(',');
    const size = new Map<string, number>();
    terms.forEach((t, i) => [...t].forEach((c, axis) => size.set(c, types[i].shape[axis])));
    let rest = terms.map((term, i) => diagonal(g, { value: inputs[i], term }));
    while (rest.length > 1) {
      const pair = rest.slice(0, 2);
      rest = rest.slice(2);
      const needed = out + rest.map(({ term }) => term).join('');
      const letters = [...new Set(pair.map(({ term }) => term).join(''))];
      const term = rest.length === 0 ? out : letters.filter((c) => needed.includes(c)).join('');
      rest = [{ value: product(g, pair, term, size), term }, ...rest];
    }
    return [rest[0].term === out && terms.length > 1 ? rest[0].value : alone(g, rest[0], out)];
  },
};
