import { GraphBuilder } from '../graph/builder';
import { toText } from '../graph/print';
import { interpret } from '../reference/executor';
import { expectClose } from '@pyro-ts/testing';
import { vmapGraph } from './vmap-graph';

const numbers = (n: number): Float64Array => Float64Array.from({ length: n }, (_, i) => Math.sin(2 * i + n));
const [size, m, k] = [5, 4, 3];

describe('a matrix product with a factor that all examples share', () => {
  const cases = [false, true].flatMap((transposeA) =>
    [false, true].flatMap((transposeB) =>
      [1, 2].flatMap((n) => [0, 1].map((shared) => ({ transposeA, transposeB, n, shared }))),
    ),
  );

  it.each(cases)('is that of every example by itself: %j', ({ transposeA, transposeB, n, shared }) => {
    const g = new GraphBuilder();
    const a = g.input('a', transposeA ? [k, m] : [m, k]);
    const b = g.input('b', transposeB ? [n, k] : [k, n]);
    const graph = g.finish([g.node('BatchMatMul', [a, b], { transposeA, transposeB })]);
    const sizes = [m * k, k * n].map((own, i) => (i === shared ? own : size * own));
    const data = sizes.map(numbers);
    const batched = [0, 1].map((i) => i !== shared);
    const [all] = interpret(vmapGraph(graph, batched, size), data);
    for (let s = 0; s < size; s++) {
      const own = data.map((x, i) =>
        i === shared ? x : x.slice((s * x.length) / size, ((s + 1) * x.length) / size),
      );
      expectClose(all.slice(s * m * n, (s + 1) * m * n), interpret(graph, own)[0], {
        rel: 1e-14,
        abs: 1e-15,
      });
    }
  });

  it('reads a shared matrix once, for vectors and for rows of the examples', () => {
    const g = new GraphBuilder();
    const a = g.input('a', [m, k]);
    const b = g.input('b', [k, 1]);
    const graph = g.finish([g.node('BatchMatMul', [a, b], { transposeA: false, transposeB: false })]);
    expect(toText(vmapGraph(graph, [false, true], size))).toMatch(/f\[5,4\] = BatchMatMul/);
    expect(toText(vmapGraph(graph, [true, false], size))).toMatch(/f\[20,1\] = BatchMatMul/);
  });
});
