import { sizeOf, type Attrs } from '@pyro-ts/ops';
import { expectClose } from '@pyro-ts/testing';
import { GraphBuilder } from '../../graph/builder';
import type { Graph, ValueId } from '../../graph/graph';
import { interpret } from '../../reference/executor';
import { WasmProgram } from '../program';
import { generator, randomArray } from './cases';
import { compileGraph, compileToText } from './compile-graph';

const precisions = ['float64', 'float32'] as const;

/** log Σ exp along an axis, its softmax, and sums of both: what a mixture's density and gradient are made of. */
function mixture(shape: readonly number[], axis: number, outputs: 'sums' | 'all'): Graph {
  const g = new GraphBuilder();
  const x = g.input('x', shape);
  const centres = g.input(
    'c',
    shape.map((n, i) => (i === axis ? n : 1)),
  );
  const logits = g.node('Multiply', [g.constant(-0.5), g.node('Square', [g.node('Sub', [x, centres])])]);
  const most = g.node('Max', [logits], { reductionIndices: [axis], keepDims: true });
  const finite = g.node('Select', [g.node('IsFinite', [most]), most, g.constant(0)]);
  const weights = g.node('Exp', [g.node('Sub', [logits, finite])]);
  const total = g.node('Sum', [weights], { axis: [axis], keepDims: true });
  const density = g.node('Add', [g.node('Log', [total]), finite]);
  const softmax = g.node('RealDiv', [weights, total]);
  const others = shape.map((_, i) => i).filter((i) => i !== axis);
  const sum = (value: ValueId, attrs: Attrs): ValueId => g.node('Sum', [value], attrs);
  const sums = [
    sum(density, { axis: null, keepDims: false }),
    sum(softmax, { axis: others, keepDims: false }),
    sum(g.node('Multiply', [softmax, logits]), { axis: others, keepDims: true }),
    sum(logits, { axis: null, keepDims: false }),
    sum(softmax, { axis: [others[0]], keepDims: false }),
  ];
  const transpose = g.node('Transpose', [softmax], { perm: shape.map((_, i) => shape.length - 1 - i) });
  return g.finish(outputs === 'sums' ? sums : [...sums, density, softmax, g.node('Neg', [transpose])]);
}

const cases: readonly (readonly [readonly number[], number])[] = [
  [[100, 3], 1], [[101, 2], 1], [[33, 1], 1], [[40, 16], 1], [[67, 5], 1], [[3, 101], 0], [[2, 64], 0],
  [[1, 50], 1], [[20, 3, 7], 1], [[50, 1, 4], 2], [[4, 9, 9], 0], [[40, 17], 1], [[40, 3, 2], 1], [[2, 3], 1],
]; // prettier-ignore

describe('values with few columns', () => {
  it.each(cases)(
    'of shape [%s], along axis %i, have the reference’s values in both precisions',
    (shape, axis) => {
      for (const outputs of ['sums', 'all'] as const) {
        const graph = mixture(shape, axis, outputs);
        const random = generator(sizeOf(shape) + axis);
        const data = graph.inputs.map(({ value }) => randomArray(random, graph.values[value].shape));
        const expected = interpret(graph, data);
        for (const precision of precisions) {
          const tolerance = precision === 'float64' ? { rel: 1e-12, abs: 1e-13 } : { rel: 2e-4, abs: 1e-4 };
          const actual = new WasmProgram(compileGraph(graph, { precision, relaxed: false })).run(data);
          expected.forEach((e, i) => expectClose(actual[i], e, tolerance, `${precision} output ${i}`));
        }
      }
    },
  );

  it.each([
    ['All', 'bool'],
    ['Any', 'bool'],
    ['Min', 'float'],
    ['Prod', 'float'],
    ['Sum', 'int'],
  ] as const)('are reduced by %s of %s', (kernel, dtype) => {
    const g = new GraphBuilder();
    const x = g.input('x', [77, 3], dtype);
    const y = g.node('Select', [g.node('Greater', [g.input('t', [77, 1]), g.constant(0)]), x, x]);
    const attrs = { axis: [1], reductionIndices: [1], keepDims: false };
    const graph = g.finish([g.node(kernel, [y], attrs), g.node(kernel, [y], { ...attrs, axis: [0] })]);
    const random = generator(5);
    const data = [randomArray(random, [77, 3], dtype, 'small'), randomArray(random, [77, 1])];
    const expected = interpret(graph, data);
    const actual = new WasmProgram(compileGraph(graph, { precision: 'float64', relaxed: false })).run(data);
    expected.forEach((e, i) => expectClose(actual[i], e));
  });

  it('carry NaN and infinities through their maximum', () => {
    const g = new GraphBuilder();
    const x = g.input('x', [64, 3]);
    const graph = g.finish([g.node('Max', [g.node('Neg', [x])], { reductionIndices: [1], keepDims: false })]);
    const special = [1, NaN, Infinity, -Infinity, 0, -2];
    const data = [Float64Array.from({ length: 192 }, (_, i) => special[(i * 7 + (i >> 2)) % special.length])];
    const program = new WasmProgram(compileGraph(graph, { precision: 'float64', relaxed: false }));
    expectClose(program.run(data)[0], interpret(graph, data)[0]);
  });

  it.each([
    [[48, 4], [48, 2, 2], [1]],
    [
      [48, 4],
      [4, 12, 2, 2],
      [0, 2],
    ],
    [[48, 4], [4, 12, 4], [0]],
    [[4, 48], [2, 2, 48], [0]],
  ])('of shape [%s] are whole where they are read as [%s] and summed along [%s]', (shape, to, axis) => {
    const g = new GraphBuilder();
    const softmax = g.node('Softmax', [g.input('x', shape)], { dim: shape[0] === 48 ? 1 : 0 });
    const graph = g.finish([
      g.node('Sum', [g.node('Reshape', [softmax], { shape: to })], { axis, keepDims: false }),
    ]);
    const data = [randomArray(generator(9), shape)];
    const program = new WasmProgram(compileGraph(graph, { precision: 'float64', relaxed: false }));
    expectClose(program.run(data)[0], interpret(graph, data)[0], { rel: 1e-12, abs: 1e-13 });
  });

  it('are whole where a node of the same space reads them transposed', () => {
    const g = new GraphBuilder();
    const attrs = { axis: [2], keepDims: true };
    const e = g.node('Exp', [g.input('x', [40, 4, 4])]);
    const other = g.node('Transpose', [e], { perm: [0, 2, 1] });
    const ratio = g.node('RealDiv', [g.node('Add', [e, other]), g.node('Sum', [e], attrs)]);
    const graph = g.finish([g.node('Sum', [ratio], attrs)]);
    const data = [randomArray(generator(10), [40, 4, 4])];
    const program = new WasmProgram(compileGraph(graph, { precision: 'float64', relaxed: false }));
    expectClose(program.run(data)[0], interpret(graph, data)[0], { rel: 1e-12, abs: 1e-13 });
  });

  it('stay in registers: density and sums of a mixture are one loop', () => {
    const graph = mixture([1000, 3], 1, 'sums');
    const text = compileToText(graph, { precision: 'float64', relaxed: false });
    const main = text.split('\n\n').find((part) => part.startsWith('func $main')) as string;
    expect(main.match(/\bloop\b/g)?.length).toBe(1);
  });
});
