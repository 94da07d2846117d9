import { expectClose } from '@pyro-ts/testing';
import { GraphBuilder } from '../graph/builder';
import type { Graph, ValueId } from '../graph/graph';
import { verify } from '../graph/verify';
import { interpret } from '../reference/executor';
import { deadCode } from './dead-code';
import { linearSums } from './linear-sums';

type Build = (g: GraphBuilder, xs: readonly ValueId[], s: ValueId) => readonly ValueId[];

/** Functions of four inputs of two elements, and of one more. */
function rewritten(build: Build): { count: (kernel: string) => number; graph: Graph } {
  const g = new GraphBuilder();
  const xs = [0, 1, 2, 3].map((i) => g.input(`x${i}`, [2]));
  const raw = g.finish(build(g, xs, g.input('s', [2])));
  const graph = verify(deadCode.run(linearSums.run(raw)));
  const data = [...xs, 9].map((_, k) => Float64Array.of(Math.sin(3 * k + 1), Math.cos(5 * k)));
  const expected = interpret(raw, data);
  interpret(graph, data).forEach((output, i) => expectClose(output, expected[i], { rel: 1e-14 }));
  return { graph, count: (kernel) => graph.nodes.filter((node) => node.kernel === kernel).length };
}

const add = (g: GraphBuilder, terms: readonly ValueId[]): ValueId =>
  terms.reduce((sum, term) => g.node('Add', [sum, term]));

describe('linear sums', () => {
  it('apply a factor that all terms share once', () => {
    const { count } = rewritten((g, xs, s) => [
      add(
        g,
        xs.map((x, i) => g.node('Multiply', i % 2 === 0 ? [x, s] : [s, x])),
      ),
    ]);
    expect([count('Multiply'), count('Add')]).toEqual([1, 3]);
  });

  it('go through a chain of linear kernels, differences with smaller shapes among them', () => {
    const { count } = rewritten((g, xs, s) => {
      const mask = g.constant(Uint8Array.of(1, 0), [2], 'bool');
      const zero = g.constant(0);
      const terms = xs.map((x) => {
        const row = (): ValueId => g.node('Reshape', [x], { shape: [1, 2] });
        const scaled = g.node('Xdivy', [row(), s]);
        const total = g.node('Sum', [row()], { axis: [0], keepDims: false });
        return g.node('Select', [mask, g.node('Sub', [scaled, total]), zero]);
      });
      return [add(g, terms)];
    });
    expect(['Select', 'Xdivy', 'Reshape', 'Sum', 'Sub'].map(count)).toEqual([1, 1, 2, 1, 1]);
  });

  it('keep the signs of differences and negations, all negative ones too', () => {
    const { count } = rewritten((g, [a, b, c, d], s) => {
      const times = (x: ValueId): ValueId => g.node('Multiply', [x, s]);
      const mixed = g.node('Sub', [g.node('Sub', [times(a), times(b)]), g.node('Neg', [times(c)])]);
      const negative = g.node('Sub', [
        g.node('Neg', [times(a)]),
        g.node('Add', [times(b), g.node('Add', [times(c), times(d)])]),
      ]);
      return [mixed, negative];
    });
    expect([count('Multiply'), count('Neg')]).toEqual([2, 1]);
  });

  it('add up numbers, wherever they stand', () => {
    const { graph, count } = rewritten((g, [a, b]) => {
      const first = g.node('Add', [g.constant(-2), a]);
      return [g.node('Add', [g.node('Sub', [first, b]), g.constant(2)])];
    });
    expect([count('Add'), count('Sub'), graph.constants.size]).toEqual([0, 1, 0]);
  });

  it('widen a sum whose terms have all become smaller', () => {
    const { graph } = rewritten((g, [a, b], s) => {
      const wide = (x: ValueId): ValueId => g.node('BroadcastTo', [x], { shape: [3, 2] });
      return [add(g, [wide(a), g.node('Add', [wide(g.constant(1)), wide(b)]), g.constant(-1)]), s];
    });
    expect(graph.values[graph.outputs[0]].shape).toEqual([3, 2]);
  });

  it('leave what something else needs, what is not the same, and what a step function is taken of', () => {
    const alone = rewritten((g, [a, b, c], s) => {
      const [x, y] = [g.node('Multiply', [a, s]), g.node('Multiply', [b, s])];
      const z = g.node('Add', [g.node('Multiply', [a, c]), g.node('Multiply', [b, s])]);
      return [g.node('Add', [x, y]), x, y, z];
    });
    expect(alone.count('Multiply')).toBe(4);
    const stepped = rewritten((g, [a, b], s) => [
      g.node('Floor', [add(g, [g.node('Multiply', [a, s]), g.node('Multiply', [b, s])])]),
    ]);
    expect(stepped.count('Multiply')).toBe(2);
    const nonlinear = rewritten((g, [a, b]) => {
      const edge = { paddings: [[0, 1]], constantValue: 1.5 };
      return [add(g, [g.node('PadV2', [a], edge), g.node('PadV2', [b], edge)])];
    });
    expect(nonlinear.count('PadV2')).toBe(2);
  });

  it('leave sums to one number, which are taken apart elsewhere', () => {
    const { count } = rewritten((g, xs) => [
      add(
        g,
        xs.map((x) => g.node('Sum', [x], { axis: [0], keepDims: false })),
      ),
    ]);
    expect(count('Sum')).toBe(4);
  });

  it('leave sums over many elements, which are cheaper one by one', () => {
    const g = new GraphBuilder();
    const [x, y] = [g.input('x', [2, 50]), g.input('y', [2, 50])];
    const sums = [x, y].map((v) => g.node('Sum', [v], { axis: [1], keepDims: false }));
    const graph = g.finish([add(g, sums)]);
    expect(linearSums.run(graph)).toBe(graph);
  });

  it('share two sums of products of the same operands', () => {
    const { count } = rewritten((g, [a, b, c, d], s) => {
      const [p, q] = [a, b].map((x) => g.node('Xdivy', [x, s]));
      const first = add(
        g,
        [p, q].map((x) => g.node('Multiply', [x, c])),
      );
      const second = add(
        g,
        [p, q].map((x) => g.node('Multiply', [x, d])),
      );
      return [first, second];
    });
    expect(count('Multiply')).toBe(2);
  });
});
