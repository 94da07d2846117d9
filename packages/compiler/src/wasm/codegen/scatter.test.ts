import { expectClose } from '@pyro-ts/testing';
import { GraphBuilder } from '../../graph/builder';
import type { Graph } from '../../graph/graph';
import { interpret } from '../../reference/executor';
import { WasmProgram } from '../program';
import { generator, randomArray } from './cases';
import { compileGraph, compileToText } from './compile-graph';

/** A regression with coefficients by group: gathers on the way there, sums by group on the way back. */
function grouped(shape: readonly number[], groups: number, index: (i: number) => number): Graph {
  const g = new GraphBuilder();
  const size = shape.reduce((a, b) => a * b, 1);
  const [a, b] = [g.input('a', [groups]), g.input('b', [groups])];
  const [x, y] = [g.input('x', shape), g.input('y', shape)];
  const at = g.constant(
    Int32Array.from({ length: size }, (_, i) => index(i)),
    shape,
    'int',
  );
  const slope = g.node('Multiply', [g.node('GatherV2', [b, at], { axis: 0 }), x]);
  const rest = g.node('Sub', [y, g.node('Add', [g.node('GatherV2', [a, at], { axis: 0 }), slope])]);
  const attrs = { axis: 0, batchDims: 0, shape: [groups] };
  const da = g.node('GatherV2Grad', [rest, at], attrs);
  const db = g.node('UnsortedSegmentSum', [g.node('Multiply', [rest, x]), at], { numSegments: groups });
  const counts = g.node('GatherV2Grad', [g.constant(new Float64Array(size).fill(1), shape), at], attrs);
  const sum = g.node('Sum', [g.node('Square', [rest])], { axis: null, keepDims: false });
  const joined = g.node('Concat', [g.node('GatherV2Grad', [x, at], attrs), da], { axis: 0 });
  return g.finish([da, g.node('Sub', [db, b]), counts, sum, rest, joined]);
}

const patterns: Readonly<Record<string, (groups: number) => (i: number) => number>> = {
  'in turn': (groups) => (i) => i % groups,
  'one after the other': (groups) => (i) => Math.min(groups - 1, i >> 3),
  'all the same': (groups) => () => groups - 1,
  scattered: (groups) => (i) => (i * 7919 + 3) % groups,
};

describe('sums by group', () => {
  describe.each(Object.keys(patterns))('with groups %s', (name) => {
    it.each([
      [[33], 5],
      [[64], 1],
      [[101], 101],
      [[250], 17],
      [[20, 7], 4],
      [[50, 3], 9],
      [[3], 2],
      [[0], 3],
    ] as const)(
      'of values of shape [%s] into %i have the reference’s values in both precisions',
      (shape, groups) => {
        const graph = grouped(shape, groups, patterns[name](groups));
        const random = generator(groups + shape[0]);
        const data = graph.inputs.map(({ value }) => randomArray(random, graph.values[value].shape));
        const expected = interpret(graph, data);
        for (const precision of ['float64', 'float32'] as const) {
          const tolerance = precision === 'float64' ? { rel: 1e-12, abs: 1e-12 } : { rel: 1e-4, abs: 1e-3 };
          const program = new WasmProgram(compileGraph(graph, { precision, relaxed: false }));
          program.run(data);
          program
            .run(data)
            .forEach((actual, i) => expectClose(actual, expected[i], tolerance, `output ${i}`));
        }
      },
    );
  });

  it('are part of the loop that computes what is added', () => {
    const graph = grouped([500], 20, (i) => i % 20);
    const main = compileToText(graph, { precision: 'float64', relaxed: false }).split('\n\n')[0];
    // Rows; the zeroes of the four results and what is computed of them; the joining.
    const rows = main
      .split(/\bloop\b/)
      .filter((part) => part.includes('f64x2.sub') && part.includes('store64_lane'));
    expect(rows).toHaveLength(1);
  });

  it('with indices that are not known or not in range do as the kernel does', () => {
    const g = new GraphBuilder();
    const x = g.input('x', [40]);
    const known = g.constant(
      Int32Array.from({ length: 40 }, (_, i) => (i % 5) - 1),
      [40],
      'int',
    );
    const dynamic = g.input('i', [40], 'int');
    const attrs = { numSegments: 4 };
    const graph = g.finish([
      g.node('UnsortedSegmentSum', [x, known], attrs),
      g.node('UnsortedSegmentSum', [x, dynamic], attrs),
    ]);
    const data = [randomArray(generator(3), [40]), Int32Array.from({ length: 40 }, (_, i) => i % 4)];
    const expected = interpret(graph, data);
    const actual = new WasmProgram(compileGraph(graph, { precision: 'float64', relaxed: false })).run(data);
    expected.forEach((e, i) => expectClose(actual[i], e));
  });
});
