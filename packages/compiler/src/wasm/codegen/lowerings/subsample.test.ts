import { interpret } from '../../../reference/executor';
import { GraphBuilder } from '../../../graph/builder';
import { wasmExecutor } from '../../executor';

const draws = (n: number, k: number, keys: readonly (readonly [number, number])[]) => {
  const g = new GraphBuilder();
  const key = g.input('key', [2], 'int');
  const graph = g.finish([g.node('PhiloxSubsample', [key], { n, k, stream: [7, 9] })]);
  const program = wasmExecutor.compile(graph);
  return keys.map((words) => {
    const data = [Int32Array.from(words)];
    return { actual: program.run(data)[0], expected: interpret(graph, data)[0] };
  });
};

describe('PhiloxSubsample in WebAssembly draws what the reference draws', () => {
  const keys = Array.from({ length: 20 }, (_, i) => [i * 7919, -i] as const);

  it.each([
    [1, 1],
    [5, 0],
    [5, 5],
    [10, 3],
    [1000, 100],
    [257, 257],
    [10000, 256],
    [1_000_000, 50],
  ])('n = %i, k = %i', (n, k) => {
    for (const { actual, expected } of draws(n, k, keys)) {
      expect(actual).toEqual(expected);
      expect(new Set(actual).size).toBe(k);
    }
  });

  it('also where a draw must be repeated to be unbiased: one in three at n = 3 · 2^29', () => {
    const n = 3 * 2 ** 29;
    for (const { actual, expected } of draws(n, 5, keys)) expect(actual).toEqual(expected);
  });
});
