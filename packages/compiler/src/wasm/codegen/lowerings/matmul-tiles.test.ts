import { expectClose } from '@pyro-ts/testing';
import { GraphBuilder } from '../../../graph/builder';
import type { Graph } from '../../../graph/graph';
import { interpret } from '../../../reference/executor';
import { compileToText } from '../compile-graph';
import { wasmExecutor } from '../../executor';
import { isWorthTiling } from './matmul-tiles';

const numbers = (n: number): Float64Array =>
  Float64Array.from({ length: n }, (_, i) => Math.sin(i * 1.7 + n));

interface Shape {
  readonly m: number;
  readonly n: number;
  readonly k: number;
  readonly transposeA?: boolean;
  readonly transposeB?: boolean;
}

function product({ m, n, k, transposeA = false, transposeB = false }: Shape): {
  graph: Graph;
  data: Float64Array[];
} {
  const g = new GraphBuilder();
  const a = g.input('a', transposeA ? [k, m] : [m, k]);
  const b = g.input('b', transposeB ? [n, k] : [k, n]);
  const graph = g.finish([g.node('BatchMatMul', [a, b], { transposeA, transposeB })]);
  return { graph, data: [numbers(m * k), numbers(k * n)] };
}

const shapes: readonly Shape[] = [
  { m: 128, n: 64, k: 32 },
  { m: 33, n: 45, k: 70 },
  { m: 130, n: 9, k: 90 },
  { m: 9, n: 131, k: 515 },
  { m: 259, n: 13, k: 257 },
  { m: 8, n: 8, k: 520 },
];

const cases = shapes.flatMap((shape) =>
  [false, true].flatMap((transposeA) =>
    [false, true].map((transposeB): [Shape] => [{ ...shape, transposeA, transposeB }]),
  ),
);

describe('packed matrix products', () => {
  it.each(cases)('are those of the reference, bit for bit in float64: %j', (shape) => {
    expect(isWorthTiling(shape)).toBe(true);
    const { graph, data } = product(shape);
    const [expected] = interpret(graph, data);
    const program = wasmExecutor.compile(graph);
    expect(program.run(data)[0]).toEqual(expected);
    // Work space that the first call left behind does not enter the second.
    expect(program.run(data)[0]).toEqual(expected);
  });

  it.each(cases)('sum k products rounded to single in float32: %j', (shape) => {
    const { graph, data } = product(shape);
    const rounded = data.map((x) => Float64Array.from(x, Math.fround));
    const [actual] = wasmExecutor.compile(graph, { precision: 'float32' }).run(rounded);
    // |error| ≤ k u Σ|a||b| (Higham, "Accuracy and Stability", §3.1), u = 2^-24, the sum at most k.
    expectClose(actual, interpret(graph, rounded)[0], { rel: 0, abs: shape.k ** 2 * 2 ** -24 });
  });

  it('serve batches and strided operands too', () => {
    const g = new GraphBuilder();
    const a = g.input('a', [3, 40, 2, 50]);
    const b = g.input('b', [50, 30]);
    const across = g.node('Transpose', [a], { perm: [2, 0, 1, 3] });
    const graph = g.finish([g.node('BatchMatMul', [across, b], { transposeA: false, transposeB: false })]);
    const data = [numbers(3 * 40 * 2 * 50), numbers(50 * 30)];
    expect(wasmExecutor.compile(graph).run(data)).toEqual(interpret(graph, data));
  });

  it('are for large products only', () => {
    const text = (shape: Shape): string =>
      compileToText(product(shape).graph, { precision: 'float32', relaxed: false });
    expect(text({ m: 64, n: 64, k: 64 })).toMatch(/tile_/);
    expect(text({ m: 16, n: 16, k: 16 })).not.toMatch(/tile_/);
    expect(text({ m: 10000, n: 1, k: 100 })).not.toMatch(/tile_/);
  });
});
