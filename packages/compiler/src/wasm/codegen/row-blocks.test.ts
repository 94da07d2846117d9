import { expectClose } from '@pyro-ts/testing';
import { GraphBuilder } from '../../graph/builder';
import type { Graph, ValueId } from '../../graph/graph';
import { interpret } from '../../reference/executor';
import { WasmProgram } from '../program';
import { generator, randomArray } from './cases';
import { compileGraph, compileToText } from './compile-graph';

/** How the products are written: vectors as columns on the right, or as rows on the left of a transposed matrix. */
type Side = 'right' | 'left';

/** A generalised linear model's value and gradient; two predictors over one matrix. */
function regression(n: number, d: number, side: Side, matrix: 'input' | 'constant'): Graph {
  const g = new GraphBuilder();
  const random = generator(n + d);
  const shape = [n, d];
  const x =
    matrix === 'input'
      ? g.input('x', shape)
      : g.constant(randomArray(random, shape, 'float', 'small'), shape);
  const y = g.input('y', [n]);
  const times = (a: ValueId, b: ValueId, transposeA: boolean, transposeB: boolean): ValueId =>
    g.node('BatchMatMul', [a, b], { transposeA, transposeB });
  const reshape = (v: ValueId, to: readonly number[]): ValueId => g.node('Reshape', [v], { shape: to });
  const forward = (v: ValueId): ValueId =>
    reshape(
      side === 'right'
        ? times(x, reshape(v, [d, 1]), false, false)
        : times(reshape(v, [1, d]), x, false, true),
      [n],
    );
  const back = (w: ValueId): ValueId =>
    reshape(
      side === 'right'
        ? times(x, reshape(w, [n, 1]), true, false)
        : times(reshape(w, [1, n]), x, false, false),
      [d],
    );
  const [eta, scale] = [forward(g.input('b', [d])), forward(g.input('c', [d]))];
  const rest = g.node('Sub', [y, g.node('Tanh', [eta])]);
  const weights = g.node('Multiply', [rest, g.node('Sigmoid', [scale])]);
  const value = g.node('Sum', [g.node('Square', [weights])], { axis: [0], keepDims: false });
  const [da, db] = [back(weights), back(rest)];
  // The second result is read again, and one predictor is an output too.
  return g.finish([value, da, g.node('Multiply', [db, g.constant(2)]), eta]);
}

describe('products forth and back over one large matrix', () => {
  it.each([
    [700, 100],
    [801, 97],
    [4000, 17],
    [9001, 8],
    [66, 1100],
    [1500, 50],
  ])('of shape [%i, %i] have the reference’s values in both precisions, however they are written', (n, d) => {
    for (const side of ['right', 'left'] as const) {
      const graph = regression(n, d, side, side === 'right' ? 'input' : 'constant');
      const random = generator(n);
      const data = graph.inputs.map(({ value }) =>
        randomArray(random, graph.values[value].shape, 'float', 'small'),
      );
      const expected = interpret(graph, data);
      for (const precision of ['float64', 'float32'] as const) {
        const tolerance = precision === 'float64' ? { rel: 1e-11, abs: 1e-11 } : { rel: 1e-3, abs: 1e-3 };
        const program = new WasmProgram(compileGraph(graph, { precision, relaxed: false }));
        program.run(data);
        program
          .run(data)
          .forEach((actual, i) => expectClose(actual, expected[i], tolerance, `${side} output ${i}`));
      }
    }
  });

  it.each(['gathered', 'scattered', 'reversed'] as const)('wait where rows are %s', (how) => {
    const [n, d] = [1500, 64];
    const g = new GraphBuilder();
    const x = g.input('x', [n, d]);
    const places = g.constant(
      Int32Array.from({ length: n }, (_, i) => (i * 7) % n),
      [n],
      'int',
    );
    const product = g.node('BatchMatMul', [x, g.input('b', [d, 1])], {
      transposeA: false,
      transposeB: false,
    });
    const eta = g.node('Reshape', [product], { shape: [n] });
    const rows = {
      gathered: () => g.node('Tanh', [g.node('GatherV2', [eta, places], { axis: 0 })]),
      scattered: () =>
        g.node('GatherV2Grad', [g.node('Tanh', [eta]), places], { axis: 0, batchDims: 0, shape: [n] }),
      reversed: () => g.node('Tanh', [g.node('Reverse', [eta], { dims: [0] })]),
    };
    const column = g.node('Reshape', [rows[how]()], { shape: [n, 1] });
    const back = g.node('BatchMatMul', [x, column], { transposeA: true, transposeB: false });
    const graph = g.finish([back]);
    const random = generator(2);
    const data = graph.inputs.map(({ value }) =>
      randomArray(random, graph.values[value].shape, 'float', 'small'),
    );
    const expected = interpret(graph, data);
    const actual = new WasmProgram(compileGraph(graph, { precision: 'float64', relaxed: false })).run(data);
    expected.forEach((e, i) => expectClose(actual[i], e, { rel: 1e-11, abs: 1e-11 }, `output ${i}`));
  });

  const text = (n: number, d = 100): string => {
    const graph = regression(n, d, 'right', 'input');
    return compileToText(graph, { precision: 'float64', relaxed: false }).split('\n\n')[0];
  };

  it('are done block by block where the matrix is larger than a cache, and one after the other where not', () => {
    const nested = (n: number): boolean =>
      /loop\n(?:(?! {2}end\n)[^])*? {4}loop\n(?:(?!\n {2}end\n)[^])*f64x2\.sub/.test(text(n));
    expect(nested(2000)).toBe(true);
    expect(nested(60)).toBe(false);
  });

  it('read the next block ahead where the matrix does not stay in the second cache', () => {
    expect(text(2000)).toContain('drop(i32.load');
    expect(text(200)).not.toContain('drop(i32.load');
    // Fewer than three blocks of rows: there is no block whose successor lies inside.
    expect(text(20, 8000)).not.toContain('drop(i32.load');
  });

  it.each([
    [3000, 100],
    [2999, 101],
    [40_001, 5],
  ])('of shape [%i, %i] have the same bits at every call, though every other one walks back', (n, d) => {
    const graph = regression(n, d, 'right', 'input');
    expect(compileToText(graph, { precision: 'float64', relaxed: false })).toContain('global.set');
    const random = generator(n);
    const data = graph.inputs.map(({ value }) =>
      randomArray(random, graph.values[value].shape, 'float', 'small'),
    );
    const expected = interpret(graph, data);
    const program = new WasmProgram(compileGraph(graph, { precision: 'float64', relaxed: false }));
    const first = program.run(data);
    first.forEach((actual, i) => expectClose(actual, expected[i], { rel: 1e-11, abs: 1e-11 }, `output ${i}`));
    for (let call = 0; call < 3; call++) expect(program.run(data)).toEqual(first);
  });

  it('never read beyond the matrix, which may be the last in memory', () => {
    for (const [n, d] of [
      [24, 4000],
      [25, 2711],
      [700, 100],
      [8193, 9],
    ]) {
      const graph = lastInMemory(n, d);
      const program = new WasmProgram(compileGraph(graph, { precision: 'float64', relaxed: false }));
      const data = [new Float64Array(d).fill(0.5), new Float64Array(n * d).fill(1)];
      expectClose(program.run(data)[0], interpret(graph, data)[0], { rel: 1e-12 });
    }
  });
});

/** Inputs lie in the order in which they are declared, after the constants. */
function lastInMemory(n: number, d: number): Graph {
  const g = new GraphBuilder();
  const b = g.input('b', [d, 1]);
  const x = g.input('x', [n, d]);
  const eta = g.node('BatchMatMul', [x, b], { transposeA: false, transposeB: false });
  const weights = g.node('Tanh', [eta]);
  return g.finish([g.node('BatchMatMul', [x, weights], { transposeA: true, transposeB: false })]);
}
