import { lift, stopGradient, tf } from '@pyro-ts/ops';
import { expectClose } from '@pyro-ts/testing';
import type { Graph } from '../graph/graph';
import { GraphBuilder } from '../graph/builder';
import { toText } from '../graph/print';
import { verify } from '../graph/verify';
import { interpret } from '../reference/executor';
import { trace } from '../trace/trace';
import { hoist } from './hoist';
import { optimize } from './optimize';

type Fn = (...inputs: tf.Tensor[]) => tf.Tensor | tf.Tensor[];

/** Traces on float inputs of the given shapes, checks every pass, and returns the text of the result. */
function optimized(fn: Fn, ...shapes: number[][]): { raw: Graph; graph: Graph; text: string } {
  const specs = shapes.map((shape, i) => ({ name: 'xyz'[i], shape, dtype: 'float32' as const }));
  const raw = verify(trace((inputs) => [fn(...inputs)].flat(), specs));
  const graph = optimize(raw, { afterPass: (_name, g) => verify(g) });
  return { raw, graph, text: toText(graph) };
}

function kernelsOf(graph: Graph): string[] {
  return graph.nodes.map((node) => node.kernel);
}

describe('optimize', () => {
  it('drops what no output needs', () => {
    const { graph } = optimized(
      (x) => {
        x.exp().sum();
        return x.add(1);
      },
      [3],
    );
    expect(kernelsOf(graph)).toEqual(['Add']);
  });

  it('computes constants once and for all, in float64', () => {
    const { graph } = optimized(
      (x) =>
        x.add(
          tf
            .scalar(0.1)
            .exp()
            .mul(lift([1, 2, 3])),
        ),
      [3],
    );
    expect(kernelsOf(graph)).toEqual(['Add']);
    const [constant] = [...graph.constants.values()];
    expect(Array.from(constant)).toEqual([1, 2, 3].map((k) => Math.exp(0.1) * k));
  });

  it('folds kernels whose result is an operand’s own array without tying their values together', () => {
    const { raw, graph } = optimized(
      (x) => {
        const c = lift([1, 2, 3]);
        return [c.reshape([3, 1]), c.mul(2).reshape([3]), x.add(c)];
      },
      [3],
    );
    const results = interpret(graph, [Float64Array.of(0, 0, 0)]);
    results[0].fill(7);
    expect(interpret(graph, [Float64Array.of(0, 0, 0)])).toEqual(interpret(raw, [Float64Array.of(0, 0, 0)]));
  });

  it('does not store what a broadcast repeats', () => {
    const { graph } = optimized((x) => tf.fill([1000], 2).mul(x), [1000]);
    const sizes = [...graph.constants.values()].map((data) => data.length);
    expect(Math.max(...sizes)).toBe(1);
  });

  it('computes equal expressions once', () => {
    const { graph } = optimized((x) => x.exp().add(x.exp().log1p()), [3]);
    expect(kernelsOf(graph)).toEqual(['Exp', 'Log1p', 'Add']);
  });

  it('keeps equal data once, and data apart that differ in a bit', () => {
    const data = (last: number): tf.Tensor =>
      lift(Array.from({ length: 1000 }, (_, i) => (i < 999 ? i % 7 : last)));
    const { graph } = optimized(
      (x) => [x.mul(data(0)), x.mul(data(0)).exp(), x.mul(data(-0)), x.add(data(1))],
      [1000],
    );
    expect(kernelsOf(graph)).toEqual(['Multiply', 'Exp', 'Multiply', 'Add']);
    expect([...graph.constants.values()].map((values) => values[999])).toEqual([0, -0, 1]);
  });

  it('keeps random draws of different streams apart', () => {
    const { graph } = optimized((x) => x.add(x.sin()).add(x.sin()), [2]);
    expect(kernelsOf(graph).filter((kernel) => kernel === 'Sin')).toHaveLength(1);
  });

  it.each<[string, Fn, string[]]>([
    ['x + 0', (x) => x.add(0), []],
    ['x · 1', (x) => x.mul(1), []],
    ['x / 1', (x) => x.div(1), []],
    ['x / 4', (x) => x.div(4), ['Multiply']],
    ['x / 3 by the reciprocal', (x) => x.div(3), ['Multiply']],
    ['⌊x / 3⌋ as written', (x) => x.div(3).floor(), ['RealDiv', 'Floor']],
    ['−1 · x', (x) => x.mul(-1), ['Neg']],
    ['−(−x)', (x) => x.neg().neg(), []],
    ['0 − x', (x) => tf.sub(0, x), ['Neg']],
    ['x + (−y)', (x) => x.add(x.exp().neg()), ['Exp', 'Sub']],
    ['x ^ 2', (x) => x.pow(2), ['Square']],
    ['x · x', (x) => x.mul(x), ['Square']],
    ['2 · (0.3 · x)', (x) => x.mul(0.3).mul(2), ['Multiply']],
    ['0.7 · (0.3 · x) is rounded twice, as written', (x) => x.mul(0.3).mul(0.7), ['Multiply', 'Multiply']],
    ['stopGradient', (x) => stopGradient(x), []],
    ['reshape of a reshape', (x) => x.reshape([3, 1]).reshape([1, 3]), ['Reshape']],
    ['there and back', (x) => x.reshape([3, 1]).reshape([3]), []],
    ['a transpose of axes of size one', (x) => x.reshape([3, 1]).transpose(), ['Reshape']],
    ['a sum over an axis of size one', (x) => x.reshape([3, 1]).sum(1), []],
    ['a broadcast that its consumer does anyway', (x) => x.add(tf.broadcastTo(x.sum(), [3])), ['Sum', 'Add']],
  ])('simplifies %s', (_title, fn, expected) => {
    expect(kernelsOf(optimized(fn, [3]).graph)).toEqual(expected);
  });

  it.each<[string, Fn]>([
    [
      'x · (ones · 2)',
      (x) =>
        x
          .sum()
          .mul(2)
          .mul(tf.fill([3], 0.5)),
    ],
    ['x / fours', (x) => x.sum().div(tf.fill([3], 4))],
    ['x + zeros', (x) => x.sum().add(tf.zeros([3]))],
    ['ones · x', (x) => tf.ones([3]).mul(x.sum())],
    ['zeros − x', (x) => tf.zeros([3]).sub(x.sum())],
    ['x ^ twos', (x) => x.sum().pow(tf.fill([3], 2))],
  ])('keeps the shape of a scalar that a constant broadcasts: %s', (_title, fn) => {
    const { raw, graph } = optimized(fn, [3]);
    const input = [Float64Array.of(0.3, -1, 2)];
    expect(interpret(graph, input)).toEqual(interpret(raw, input));
  });

  it('keeps the values', () => {
    const fn: Fn = (x, y) => {
      const z = tf.matMul(x, y.transpose()).mul(0.5).mul(-1);
      return [
        tf.logSumExp(z, 1),
        tf.grad((t: tf.Tensor) => tf.matMul(t, y.transpose()).tanh().square().sum())(x),
      ];
    };
    const { raw, graph } = optimized(fn, [3, 2], [4, 2]);
    const inputs = [Float64Array.of(0.3, -1, 2, 0.1, 0, 5), Float64Array.of(1, 2, 3, -4, 0.5, 0.6, -0.7, 8)];
    const expected = interpret(raw, inputs);
    // A scale is moved behind the matrix product.
    interpret(graph, inputs).forEach((output, i) => expectClose(output, expected[i], { rel: 1e-15 }));
    expect(graph.nodes.length).toBeLessThan(raw.nodes.length);
  });
});

describe('optimize, on integers and booleans', () => {
  const cases: [string, (g: GraphBuilder, i: number, b: number) => number][] = [
    ['i / −1 is a float', (g, i) => g.node('RealDiv', [i, g.constant(-1)])],
    ['−1.0 · i is a float', (g, i) => g.node('Multiply', [g.constant(-1), i])],
    ['0.0 − i is a float', (g, i) => g.node('Sub', [g.constant(0), i])],
    ['i ^ 2.0 is a float', (g, i) => g.node('Pow', [i, g.constant(2)])],
    ['b · b is a boolean', (g, _i, b) => g.node('Multiply', [b, b])],
    ['−(−b) is an integer', (g, _i, b) => g.node('Neg', [g.node('Neg', [b])])],
    [
      'a mean over one integer is a float',
      (g, i) => g.node('Mean', [g.node('Reshape', [i], { shape: [3, 1] })], { axis: [1] }),
    ],
    [
      'a sum over one boolean is an integer',
      (g, _i, b) => g.node('Sum', [g.node('Reshape', [b], { shape: [3, 1] })], { axis: [1] }),
    ],
    ['a sum of booleans is an integer', (g, _i, b) => g.node('AddN', [b, b, b])],
  ];
  it.each(cases)('%s', (_title, build) => {
    const g = new GraphBuilder();
    const raw = g.finish([build(g, g.input('i', [3], 'int'), g.input('b', [3], 'bool'))]);
    const graph = optimize(verify(raw), { afterPass: (_name, each) => verify(each) });
    const inputs = [Int32Array.of(2, 0, -3), Uint8Array.of(1, 0, 1)];
    expect(interpret(graph, inputs)[0].map((x: number) => x + 0)).toEqual(
      interpret(raw, inputs)[0].map((x: number) => x + 0),
    );
    expect(graph.values[graph.outputs[0]]).toEqual(raw.values[raw.outputs[0]]);
  });
});

describe('hoist', () => {
  it('moves what does not depend on the varying inputs into a graph of its own', () => {
    const { graph } = optimized((x, y) => x.mul(y.exp().sum()).add(y.square().sum()), [2], [5]);
    const { invariant, main } = hoist(graph, [0]);
    verify(invariant);
    verify(main);
    expect(kernelsOf(invariant).sort()).toEqual(['Exp', 'Square', 'Sum', 'Sum']);
    expect(kernelsOf(main)).toEqual(['Multiply', 'Add']);
    const inputs = [Float64Array.of(1, 2), Float64Array.of(0.1, 0.2, 0.3, 0.4, 0.5)];
    const hoisted = interpret(invariant, inputs);
    expect(interpret(main, [...inputs, ...hoisted])).toEqual(interpret(graph, inputs));
  });
});
