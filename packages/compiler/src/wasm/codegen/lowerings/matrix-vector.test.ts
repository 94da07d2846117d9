import { expectClose } from '@pyro-ts/testing';
import { GraphBuilder } from '../../../graph/builder';
import type { Graph } from '../../../graph/graph';
import { interpret } from '../../../reference/executor';
import { WasmProgram } from '../../program';
import { generator, randomArray } from '../cases';
import { compileGraph, compileToText } from '../compile-graph';

/** X·b and w·X, each written with the vector as a column and as a row. */
function products(n: number, d: number): Graph {
  const g = new GraphBuilder();
  const x = g.input('x', [n, d]);
  const [b, w] = [g.input('b', [d]), g.input('w', [n])];
  const shaped = (v: number, shape: readonly number[]): number => g.node('Reshape', [v], { shape });
  const times = (a: number, c: number, transposeA: boolean, transposeB: boolean): number =>
    g.node('BatchMatMul', [a, c], { transposeA, transposeB });
  return g.finish([
    times(x, shaped(b, [d, 1]), false, false),
    times(shaped(b, [1, d]), x, false, true),
    times(shaped(w, [1, n]), x, false, false),
    times(x, shaped(w, [n, 1]), true, false),
  ]);
}

const lengths = [0, 1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 18, 31, 32, 33, 34, 35, 100];

describe('products of a matrix and a vector', () => {
  it.each(['float64', 'float32'] as const)(
    'have the reference’s values for rows and columns of any number (%s)',
    (precision) => {
      const tolerance = precision === 'float64' ? { rel: 1e-12, abs: 1e-12 } : { rel: 1e-4, abs: 1e-4 };
      for (const n of lengths) {
        for (const d of lengths) {
          const graph = products(n, d);
          const random = generator(100 * n + d);
          const data = graph.inputs.map(({ value }) =>
            randomArray(random, graph.values[value].shape, 'float', 'small'),
          );
          const expected = interpret(graph, data);
          const program = new WasmProgram(compileGraph(graph, { precision, relaxed: false }));
          // Twice: results of the first call are overwritten, not added to.
          program.run(data);
          program
            .run(data)
            .forEach((actual, i) => expectClose(actual, expected[i], tolerance, `[${n}, ${d}], output ${i}`));
        }
      }
    },
  );

  it('keep the loads of a loop’s body between two stores few enough for registers', () => {
    for (const d of [1, 3, 5, 8, 10, 14, 16, 17, 40, 100]) {
      const text = compileToText(products(1000, d), { precision: 'float64', relaxed: false });
      for (const [body] of text.matchAll(/loop\n(?:(?!\bloop\b|\bend\b)[^])*/g))
        for (const part of body.split('.store'))
          expect(part.match(/\.load/g)?.length ?? 0).toBeLessThanOrEqual(16);
    }
  });
});
