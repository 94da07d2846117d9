import { lift, tf } from '@pyro-ts/ops';
import { expectClose } from '@pyro-ts/testing';
import { verify } from '../../graph/verify';
import type { Graph } from '../../graph/graph';
import { interpret } from '../../reference/executor';
import { trace } from '../../trace/trace';
import { optimize } from '../optimize';

const [variables, observations] = [20, 300];
const matrix = (m: number, n: number): number[][] =>
  Array.from({ length: m }, (_, i) => Array.from({ length: n }, (__, j) => Math.sin(i * n + j)));
const wide = matrix(variables, observations);

/** What is left of a function of one vector, after its values have been compared. */
function optimized(fn: (x: tf.Tensor) => tf.Tensor, length: number): Graph {
  const raw = verify(trace(([x]) => [fn(x)], [{ name: 'x', shape: [length], dtype: 'float32' }]));
  const graph = optimize(raw, { afterPass: (_name, g) => verify(g) });
  const x = Float64Array.from({ length }, (_, i) => Math.cos(2 * i + 1));
  const expected = interpret(raw, [x]);
  interpret(graph, [x]).forEach((output, i) => expectClose(output, expected[i], { rel: 1e-12, abs: 1e-12 }));
  return graph;
}

/** Shapes of the matrices that are given to the products. */
const given = ({ nodes, values, constants }: Graph): string[] =>
  nodes
    .filter(({ kernel }) => kernel === 'BatchMatMul')
    .flatMap(({ inputs }) => inputs.filter((v) => constants.has(v)).map((v) => values[v].shape.join('x')));

describe('data with one row a variable', () => {
  it('is kept with one row an observation where it is multiplied with vectors, on either side', () => {
    const ways: ((b: tf.Tensor) => tf.Tensor)[] = [
      (b) => tf.matMul(b.expandDims(0), lift(wide)),
      (b) => tf.matMul(lift(wide), b.expandDims(1), true),
    ];
    for (const way of ways) expect(given(optimized(way, variables))).toEqual(['300x20']);
  });

  it('is one matrix for the product and its gradient', () => {
    const gradient = tf.grad((b) => tf.matMul(b.expandDims(0), lift(wide)).square().sum());
    const graph = optimized(gradient, variables);
    expect(given(graph)).toEqual(['300x20', '300x20']);
    const large = [...graph.constants.values()].filter((data) => data.length === variables * observations);
    expect(large).toHaveLength(1);
  });

  it('stays as it is where it is small, or multiplied with matrices', () => {
    const small = matrix(5, 40);
    expect(given(optimized((b) => tf.matMul(b.expandDims(0), lift(small)), 5))).toEqual(['5x40']);
    const pairs = (b: tf.Tensor): tf.Tensor => tf.matMul(b.reshape([2, variables]), lift(wide));
    expect(given(optimized(pairs, 2 * variables))).toEqual(['20x300']);
  });
});
