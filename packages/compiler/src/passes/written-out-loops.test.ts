import { expectClose } from '@pyro-ts/testing';
import { sizeOf, tf } from '@pyro-ts/ops';
import type { Graph } from '../graph/graph';
import { verify } from '../graph/verify';
import { interpret } from '../reference/executor';
import { trace } from '../trace/trace';
import { optimize } from './optimize';

type Fn = (x: tf.Tensor, a: tf.Tensor) => tf.Tensor;

const kernelsOf = (graph: Graph): string[] => graph.nodes.map((node) => node.kernel);

/** Elements that all nodes together write. */
const workOf = (graph: Graph): number =>
  graph.nodes.flatMap((node) => node.outputs).reduce((sum, v) => sum + sizeOf(graph.values[v].shape), 0);

/** The graph of value and gradients of a function of a tensor and a scalar. */
function gradientGraph(fn: Fn, shape: number[]): { raw: Graph; graph: Graph } {
  const raw = trace(
    (inputs) => {
      const { value, grads } = tf.valueAndGrads(fn as (...x: tf.Tensor[]) => tf.Scalar)(inputs);
      return [value, ...grads];
    },
    [
      { name: 'x', shape, dtype: 'float32' },
      { name: 'a', shape: [], dtype: 'float32' },
    ],
  );
  return { raw, graph: optimize(raw, { afterPass: (_name, g) => verify(g) }) };
}

function data(n: number): Float64Array {
  return Float64Array.from({ length: n }, (_, i) => Math.sin(1 + i * 1.7));
}

const at = (x: tf.Tensor, t: number): tf.Tensor => x.slice([t], [1]).reshape([]);

const ar: Fn = (x, a) => {
  let c: tf.Tensor = tf.scalar(0);
  let total: tf.Tensor = tf.scalar(0);
  for (let t = 0; t < x.shape[0]; t++) {
    c = c.mul(a).add(at(x, t)).tanh();
    total = total.add(c.square());
  }
  return total;
};

const loops: [string, number[], Fn][] = [
  ['one slice a step', [20], ar],
  [
    'two lags',
    [20],
    (x, a) => {
      const terms: tf.Tensor[] = [];
      for (let t = 2; t < 20; t++)
        terms.push(at(x, t).sub(at(x, t - 1).mul(a)).sub(at(x, t - 2)).square()); // prettier-ignore
      return tf.stack(terms).sum();
    },
  ],
  [
    'overlapping windows',
    [20],
    (x, a) => {
      let total: tf.Tensor = tf.scalar(0);
      for (let t = 0; t + 5 <= 20; t++) total = total.add(x.slice([t], [5]).mul(a).sum().square());
      return total;
    },
  ],
  [
    'growing prefixes',
    [20],
    (x, a) => {
      let total: tf.Tensor = tf.scalar(0);
      for (let t = 1; t < 20; t++) total = total.add(x.slice([0], [t]).sum().mul(a).square());
      return total;
    },
  ],
  [
    'elements of a matrix, some left out',
    [6, 5],
    (x, a) => {
      let total: tf.Tensor = tf.scalar(0);
      for (let i = 0; i < 6; i++)
        for (let j = 0; j < 5; j++) {
          if ((i * j) % 4 === 1) continue;
          const e = x.slice([i, j], [1, 1]).reshape([]);
          total = total.mul(0.9).add(e.mul(a).sin());
        }
      return total;
    },
  ],
  [
    'the diagonal',
    [6, 6],
    (x, a) => {
      let total: tf.Tensor = tf.scalar(0);
      for (let i = 0; i < 6; i++) total = total.add(x.slice([i, i], [1, 1]).reshape([]).mul(a).exp());
      return total;
    },
  ],
  [
    'rows by gather, some twice',
    [8, 3],
    (x, a) => {
      let total: tf.Tensor = tf.scalar(0);
      for (const t of [0, 3, 3, 7, 1]) total = total.add(tf.gather(x, [t, 2]).mul(a).square().sum());
      return total;
    },
  ],
  [
    'strided slices',
    [12],
    (x, a) => {
      let total: tf.Tensor = tf.scalar(0);
      for (let t = 0; t < 6; t++) {
        total = total.add(x.stridedSlice([t], [t + 1], [1]).mul(a).square().sum());
        total = total.add(x.stridedSlice([t], [12], [3]).sum());
      }
      return total;
    },
  ],
  [
    'unstack and stack',
    [9, 2],
    (x, a) => {
      const rows = tf.unstack(x);
      return tf.stack(rows).mul(tf.stack(rows.map((row) => row.mul(a).exp()))).sum();
    },
  ],
  [
    'a reshape at every step',
    [4, 5],
    (x, a) => {
      let total: tf.Tensor = tf.scalar(0);
      for (let t = 0; t < 20; t++) total = total.add(at(x.reshape([20]), t).mul(a).square());
      return total;
    },
  ],
]; // prettier-ignore

describe('a loop written out over slices', () => {
  it.each(loops)('keeps its value and gradients: %s', (_title, shape, fn) => {
    const { raw, graph } = gradientGraph(fn, shape);
    const inputs = [data(sizeOf(shape)), Float64Array.of(0.7)];
    const expected = interpret(raw, inputs);
    interpret(graph, inputs).forEach((actual, i) =>
      expectClose(actual, expected[i], { rel: 1e-13, abs: 1e-15 }),
    );
    expect(workOf(graph)).toBeLessThanOrEqual(workOf(raw));
  });

  it('writes the gradient of all slices with one concatenation', () => {
    const { graph } = gradientGraph(ar, [50]);
    expect(kernelsOf(graph).filter((kernel) => kernel === 'Concat')).toHaveLength(1);
    expect(kernelsOf(graph)).not.toContain('PadV2');
  });

  it.each<[string, Fn]>([
    ['neighbours', ar],
    [
      'windows',
      (x, a) => {
        let total: tf.Tensor = tf.scalar(0);
        for (let t = 0; t + 5 <= x.shape[0]; t++) total = total.add(x.slice([t], [5]).mul(a).sum().square());
        return total;
      },
    ],
    [
      'far apart',
      (x, a) => {
        const n = x.shape[0];
        let total: tf.Tensor = tf.scalar(0);
        for (let t = 0; t < n; t++)
          total = total.add(
            at(x, t)
              .mul(at(x, n - 1 - t))
              .mul(a)
              .sin(),
          );
        return total;
      },
    ],
  ])('costs twice as much when twice as long: %s', (_title, fn) => {
    const [short, long] = [100, 200].map((length) => gradientGraph(fn, [length]).graph);
    expect(long.nodes.length / short.nodes.length).toBeLessThan(2.1);
    expect(workOf(long) / workOf(short)).toBeLessThan(2.1);
  });

  it('gives the tensor itself back when a loop takes it apart and stacks it', () => {
    const graph = optimize(
      trace(
        ([x]) => {
          const steps = Array.from({ length: 7 }, (_, t) => x.slice([t, 0], [1, 2]).reshape([2]));
          return [tf.stack(steps), tf.stack(tf.unstack(x)), tf.concat([x.slice([0, 0], [3, 2]), x.slice([3, 0], [4, 2])])];
        },
        [{ name: 'x', shape: [7, 2], dtype: 'float32' }],
      ), // prettier-ignore
    );
    expect(graph.nodes).toEqual([]);
  });

  it('reads what it stacked itself from where it came', () => {
    const graph = optimize(
      trace(
        ([x]) => {
          const parts = [0, 1, 2].map((k) => x.mul(k + 0.5));
          return [tf.stack(parts).slice([1, 0], [1, 4]).reshape([4])];
        },
        [{ name: 'x', shape: [4], dtype: 'float32' }],
      ),
    );
    expect(kernelsOf(graph)).toEqual(['Multiply']);
  });

  it('joins a list that grows by concatenation in one step', () => {
    const graph = optimize(
      trace(
        ([x]) => {
          let list = x.mul(0.5);
          for (let k = 0; k < 20; k++) list = tf.concat([list, x.mul(k)]);
          return [list];
        },
        [{ name: 'x', shape: [2], dtype: 'float32' }],
      ),
    );
    expect(kernelsOf(graph).filter((kernel) => kernel === 'Concat')).toHaveLength(1);
  });
});
