import { digamma, lgamma, lift, tf } from '@pyro-ts/ops';
import { expectClose } from '@pyro-ts/testing';
import type { Graph } from '../../graph/graph';
import { toText } from '../../graph/print';
import { verify } from '../../graph/verify';
import { interpret } from '../../reference/executor';
import { trace } from '../../trace/trace';
import { lowerings } from '../../wasm/codegen/lowerings';
import { wasmExecutor } from '../../wasm/executor';
import { optimize } from '../optimize';
import { pointwiseKernels } from '../rules/elementwise';
import { partitionOf } from './partition';
import { distinct } from './pass';

type Fn = (...inputs: tf.Tensor[]) => tf.Tensor | tf.Tensor[];

function traced(fn: Fn, ...shapes: number[][]): Graph {
  const specs = shapes.map((shape, i) => ({ name: 'xyz'[i], shape, dtype: 'float32' as const }));
  return verify(trace((inputs) => [fn(...inputs)].flat(), specs));
}

const n = 120;
const counts = Float64Array.from({ length: n }, (_, i) => (i * i) % 7);
const labels = Float64Array.from({ length: n }, (_, i) => i % 3);
/** No two alike. */
const spread = Float64Array.from({ length: n }, (_, i) => Math.sin(3 * i + 1));
const y = lift(counts);

/** The graph as it becomes, checked to compute the same in the interpreter and in wasm. */
function same(fn: Fn, inputs: readonly (number | Float64Array)[], rel = 1e-13): Graph {
  const data = inputs.map((x) => (typeof x === 'number' ? Float64Array.of(x) : x));
  const raw = traced(fn, ...inputs.map((x) => (typeof x === 'number' ? [] : [x.length])));
  const graph = optimize(raw, { afterPass: (_name, g) => verify(g) });
  const expected = interpret(raw, data);
  const program = wasmExecutor.compile(graph);
  interpret(graph, data).forEach((output, i) => expectClose(output, expected[i], { rel }));
  program.run(data).forEach((output, i) => expectClose(output, expected[i], { rel }));
  program.dispose();
  return graph;
}

/** Kernels with the sizes of their results. */
const sizes = ({ nodes, values }: Graph): string[] =>
  nodes.map(({ kernel, outputs }) => `${kernel}[${values[outputs[0]].shape.join()}]`);

describe('what depends on few distinct values', () => {
  it('is summed over them, each as often as it occurs', () => {
    const raw = traced((r) => tf.sum(lgamma(tf.add(y, r))), []);
    const constant = (name: string, size: number): RegExp => new RegExp(`${name}: f\\[${size}\\] = constant`);
    expect(toText(raw)).toMatch(constant('%1', n));
    const text = toText(optimize(raw));
    expect(text).toMatch(/%1: f\[4\] = constant 0, 1, 4, 2\n/);
    expect(text).toMatch(/f\[4\] = constant 18, 34, 34, 34\n/);
    expect(text.split('\n').filter((line) => /= [A-Z]/.test(line))).toEqual([
      expect.stringContaining('%2: f[4] = Add %1 %0'),
      expect.stringContaining('%3: f[4] = Lgamma %2'),
      expect.stringContaining('%5: f[4] = Multiply %3 %4'),
      expect.stringContaining('%6: f[] = Sum %5'),
    ]);
    same((r) => tf.sum(lgamma(tf.add(y, r))), [1.7]);
  });

  it('is summed apart from terms that do not repeat, whichever way they are nested', () => {
    const fn: Fn = (r, x) => {
      const repeated = lgamma(tf.add(y, r));
      return tf.sum(tf.sub(tf.sub(tf.mul(x, x), tf.neg(tf.sub(tf.exp(x), repeated))), tf.add(y, r)));
    };
    const found = sizes(same(fn, [1.7, spread]));
    expect(found).toContain('Lgamma[4]');
    expect(found.some((kernel) => kernel.startsWith('GatherV2'))).toBe(false);
  });

  it('is summed with constant weights, added up by class', () => {
    const graph = same((r) => tf.sum(tf.mul(lgamma(tf.add(y, r)), lift(spread))), [1.7]);
    expect(sizes(graph)).toEqual(['Add[4]', 'Lgamma[4]', 'Multiply[4]', 'Sum[]']);
  });

  it('is handed out to its places where each is needed, if it is worth more than that', () => {
    const graph = same((r, x) => tf.mul(digamma(tf.add(y, r)), x), [1.7, spread]);
    expect(sizes(graph)).toEqual(['Add[4]', 'Digamma[4]', `GatherV2[${n}]`, `Multiply[${n}]`]);
    const cheap = same((r, x) => tf.mul(tf.add(y, r), x), [1.7, spread]);
    expect(sizes(cheap)).toEqual([`Add[${n}]`, `Multiply[${n}]`]);
  });

  it('is the same bits, element by element', () => {
    const raw = traced((r) => tf.exp(tf.mul(y, r)), []);
    const [before, after] = [raw, optimize(raw)].map((g) => interpret(g, [Float64Array.of(0.37)])[0]);
    expect(after).toEqual(before);
  });

  it('takes constants that meet as tuples, numbers, integers and truth values alike', () => {
    const fn: Fn = (r) => {
      const isFirst = tf.equal(lift(labels), 0);
      const level = tf.cast(lift(labels), 'int32');
      return tf.sum(tf.where(isFirst, tf.exp(tf.mul(y, r)), tf.log(tf.add(tf.mul(tf.add(level, 1), r), y))));
    };
    const found = sizes(same(fn, [1.2]));
    expect([found.includes('Exp[4]'), found.includes('Log[12]')]).toEqual([true, true]);
    expect(found.filter((kernel) => kernel.includes(`[${n}]`))).toEqual([]);
  });

  it('covers values that groups share: a gather by constant indices is a constant of few values', () => {
    const group = lift(Int32Array.from(labels), 'int32');
    const fn: Fn = (theta, x) => tf.sum(tf.mul(tf.exp(tf.gather(theta, group as tf.Tensor1D)), x));
    const found = sizes(same(fn, [Float64Array.of(0.3, -1, 2), spread]));
    expect(found).toContain('Exp[3]');
  });

  it('of one value, or from one place of a vector, is a scalar', () => {
    const places = lift(new Int32Array(n).fill(2), 'int32');
    const fn: Fn = (theta, x) => tf.sum(tf.mul(tf.exp(tf.gather(theta, places as tf.Tensor1D)), x));
    expect(sizes(same(fn, [Float64Array.of(0.3, -1, 2), spread]))).toContain('Exp[]');
    const three = lift(new Float64Array(n).fill(3));
    expect(sizes(same((r) => tf.sum(lgamma(tf.add(three, r))), [1.7]))).toEqual([
      'Add[]',
      'Lgamma[]',
      'Multiply[]',
    ]);
  });

  it('covers gradients', () => {
    const fn: Fn = (r, x) => {
      const density = (a: tf.Tensor, b: tf.Tensor): tf.Scalar =>
        tf.sum(tf.add(lgamma(tf.add(y, a)), tf.mul(tf.add(y, a), tf.sin(b))));
      const { value, grads } = tf.valueAndGrads(density)([r, x]);
      return [value, ...grads];
    };
    const found = sizes(same(fn, [1.7, spread], 1e-12));
    expect([found.includes('Lgamma[4]'), found.includes('Digamma[4]')]).toEqual([true, true]);
  });

  it('tells 0 from −0 and keeps NaN and infinities', () => {
    const edges = Float64Array.from({ length: n }, (_, i) => [0, -0, NaN, Infinity, -Infinity][i % 5]);
    same((r) => tf.div(tf.exp(r), tf.exp(tf.mul(lift(edges), r))), [2]);
    const graph = same((r) => tf.exp(tf.reciprocal(tf.mul(r, lift(edges)))), [2]);
    expect(sizes(graph).at(-1)).toBe(`GatherV2[${n}]`);
    same((r) => tf.sum(tf.exp(tf.mul(lift(edges.map((v) => (v === Infinity ? 1 : v))), r))), [2]);
  });

  it('is left alone where values repeat less than four times, or are fewer than 64', () => {
    const third = Float64Array.from({ length: n }, (_, i) => i % 40);
    expect(sizes(same((r) => tf.sum(lgamma(tf.add(lift(third), r))), [1.7]))).toContain(`Lgamma[${n}]`);
    const few = counts.slice(0, 63);
    expect(sizes(same((r) => tf.sum(lgamma(tf.add(lift(few), r))), [1.7]))).toContain('Lgamma[63]');
  });

  it('does not change when the pass runs again', () => {
    const graph = optimize(traced((r, x) => tf.mul(digamma(tf.add(y, r)), x), [], [n]));
    expect(distinct.run(graph)).toBe(graph);
  });
});

describe('partitionOf', () => {
  it('numbers bit patterns as they first occur, and gives up above the limit', () => {
    const data = Float64Array.of(3, 0, -0, 3, NaN, 0, NaN);
    expect(partitionOf(data, 4)).toEqual({
      classOf: Int32Array.of(0, 1, 2, 0, 3, 1, 3),
      first: Int32Array.of(0, 1, 2, 4),
    });
    expect(partitionOf(data, 3)).toBeUndefined();
  });
});

describe('the list of pointwise kernels', () => {
  it('holds none that is not computed element by element', () => {
    const others = [...pointwiseKernels].filter((kernel) => {
      const { kind } = lowerings[kernel as keyof typeof lowerings];
      return kind !== 'elementwise' && kind !== 'fallback';
    });
    expect(others).toEqual([]);
  });
});
