import { expectClose } from '@pyro-ts/testing';
import {
  keyFromSeed,
  kernels,
  lift,
  random,
  scan,
  sizeOf,
  tf,
  toNdArray,
  type KernelName,
  type NumericArray,
} from '@pyro-ts/ops';
import { kernelCases } from '../../test/kernel-cases';
import { SignatureError } from '../errors';
import { GraphBuilder } from '../graph/builder';
import type { Graph } from '../graph/graph';
import { verify } from '../graph/verify';
import { interpret } from '../reference/executor';
import { singleNode, randomArray, generator } from '../wasm/codegen/cases';
import { wasmExecutor } from '../wasm/executor';
import { jit } from '../jit/jit';
import { vmap } from './vmap';
import { vmapGraph } from './vmap-graph';

const size = 3;

/** The batch's data for input i: its own numbers, permuted from example to example so that all stay in the domain. */
function batchData(data: NumericArray, isFloat: boolean): NumericArray[] {
  return Array.from({ length: size }, (_, s) =>
    isFloat
      ? data.map((_v: number, i: number) => data[(i + s) % data.length] * (1 + s / 8))
      : data.slice().reverse(),
  );
}

function join(parts: readonly NumericArray[]): NumericArray {
  const out = parts[0].slice(0, 0).constructor as new (n: number) => NumericArray;
  const whole = new out(parts.length * parts[0].length);
  parts.forEach((part, s) => whole.set(part, s * part.length));
  return whole;
}

/** vmapGraph against the graph run example by example, for all inputs batched and for each one alone. */
function compareWithExamples(graph: Graph, data: readonly NumericArray[], keep: readonly boolean[] = []): void {
  const choices = [data.map(() => true), ...data.map((_, k) => data.map((_d, i) => i === k))];
  for (const given of choices) {
    const flags = given.map((flag, i) => flag && keep[i] !== true);
    const batches = data.map((array, i) => batchData(array, graph.values[graph.inputs[i].value].dtype === 'float'));
    const mapped = verify(vmapGraph(graph, flags, size));
    const actual = interpret(mapped, data.map((array, i) => (flags[i] ? join(batches[i]) : array)));
    for (let s = 0; s < size; s++) {
      const expected = interpret(graph, data.map((array, i) => (flags[i] ? batches[i][s] : array)));
      expected.forEach((output, i) => {
        const part = actual[i].slice(s * output.length, (s + 1) * output.length);
        expectClose(part, output, { rel: 1e-13, abs: 1e-15 }, `example ${s}, output ${i}, batched ${flags.join()}`);
      });
    }
    const shapes = graph.outputs.map((o) => [size, ...graph.values[o].shape]);
    expect(mapped.outputs.map((o) => mapped.values[o].shape)).toEqual(shapes);
  }
} // prettier-ignore

/** Inputs whose values other inputs rely on: matrices that must stay positive definite, sorted rows, index ranges. */
const fixedInputs: Partial<Record<KernelName, readonly boolean[]>> = {
  Logdiffexp: [false, true],
  Cholesky: [],
  LowerBound: [true, false],
  UpperBound: [true, false],
  SearchSorted: [true, false],
  PhiloxBinomial: [false, true, false],
  PhiloxMultinomial: [false, true, false],
};

describe('the batching rule of every kernel gives what a loop over the examples gives', () => {
  it.each(Object.keys(kernels) as KernelName[])('%s', (kernel) => {
    expect(kernelCases[kernel].length).toBeGreaterThan(0);
    kernelCases[kernel].forEach(({ inputs, attrs }, n) => {
      const { graph, data } = singleNode(kernel, inputs, attrs, n + 1);
      compareWithExamples(graph, data, fixedInputs[kernel]);
    });
  });
});

describe('control flow over a batch', () => {
  const body = (build: (g: GraphBuilder) => readonly number[]): Graph => {
    const g = new GraphBuilder();
    return g.finish(build(g));
  };
  const random = generator(77);

  it('Scan: a shared carry that becomes the examples’ own, stacked outputs, shared inputs', () => {
    const step = body((g) => {
      const [c, n, x, w] = [g.input('c', [2]), g.input('n', [], 'int'), g.input('x', [2]), g.input('w', [])];
      const next = g.node('Sin', [g.node('Add', [g.node('Multiply', [c, w]), x])]);
      return [next, g.node('Add', [n, g.constant(Int32Array.of(1))]), g.node('Exp', [x]), n, c];
    });
    const graph = body((g) => {
      const inputs = [g.input('c', [2]), g.input('n', [], 'int'), g.input('x', [4, 2]), g.input('w', [])];
      const attrs = { length: 4, numCarries: 2, numXs: 1, reverse: true };
      const types = [
        { shape: [2], dtype: 'float' },
        { shape: [], dtype: 'int' },
        { shape: [4, 2], dtype: 'float' },
        { shape: [4], dtype: 'int' },
        { shape: [4, 2], dtype: 'float' },
      ] as const;
      return g.control('Scan', inputs, attrs, { body: step }, types);
    });
    compareWithExamples(graph, [randomArray(random, [2]), Int32Array.of(3), randomArray(random, [4, 2]), Float64Array.of(0.4)]);
  }); // prettier-ignore

  it('Cond: examples take their own branches', () => {
    const branch = (kernel: string): Graph => body((g) => [g.node(kernel, [g.input('x', [2])])]);
    const graph = body((g) => {
      const x = g.input('x', [2]);
      const p = g.node('Greater', [g.node('Sum', [x], { axis: [0] }), g.input('t', [])]);
      return g.control('Cond', [p, x], {}, { then: branch('Exp'), else: branch('Neg') }, [{ shape: [2], dtype: 'float' }]);
    });
    compareWithExamples(graph, [Float64Array.of(0.5, 0.4), Float64Array.of(1)]);
    compareWithExamples(graph, [Float64Array.of(1, 3), Float64Array.of(4.2)]);
  }); // prettier-ignore

  it('While: examples stop in their own time', () => {
    const graph = body((g) => {
      const types = [{ shape: [], dtype: 'float' }, { shape: [], dtype: 'float' }] as const;
      const test = body((t) => [t.node('Less', [t.input('x', []), t.input('limit', [])])]);
      const double = body((b) => [b.node('Multiply', [b.input('x', []), b.constant(2)]), b.input('limit', [])]);
      return g.control('While', [g.input('x', []), g.input('limit', [])], { numCarries: 2 }, { test, body: double }, types);
    });
    compareWithExamples(graph, [Float64Array.of(1), Float64Array.of(9)]);
    compareWithExamples(graph, [Float64Array.of(1), Float64Array.of(8)]);
  }); // prettier-ignore
});

describe('vmap', () => {
  const x = lift([[1, 2], [0.5, -1], [3, 0.1]]); // prettier-ignore
  const norm = (v: tf.Tensor): tf.Tensor => v.square().sum().sqrt();

  it('maps a function over the first axis', () => {
    expectClose(toNdArray(vmap(norm)(x)).data, tf.unstack(x).map((v) => norm(v).dataSync()[0]));
  }); // prettier-ignore

  it('shares arguments and takes other axes, by inAxes', () => {
    const f = (v: tf.Tensor, { w }: { w: tf.Tensor }) => ({ y: v.mul(w), dot: [v.mul(w).sum()] });
    const { y, dot } = vmap(f, { inAxes: [-1, null] })(x.transpose(), { w: lift([2, 3]) });
    expect(y.shape).toEqual([3, 2]);
    expectClose(toNdArray(dot[0]).data, [8, -2, 6.3]);
  });

  it('can be differentiated, and maps gradients', () => {
    const total = (v: tf.Tensor): tf.Scalar => vmap(norm)(v).sum();
    const expected = tf.grad((v: tf.Tensor) => v.square().sum(1).sqrt().sum())(x);
    expectClose(toNdArray(tf.grad(total)(x)).data, toNdArray(expected).data);
    expectClose(toNdArray(jit(tf.grad(total))(x)).data, toNdArray(expected).data);
    expectClose(toNdArray(vmap((v: tf.Tensor) => tf.grad(norm)(v))(x)).data, toNdArray(expected).data);
  });

  it('takes the gradient by what the function closes over', () => {
    const f = (w: tf.Tensor): tf.Tensor => vmap((v: tf.Tensor) => v.mul(w).sin().sum())(x).sum();
    const expected = tf.grad((w: tf.Tensor) => x.mul(w).sin().sum())(lift([0.3, 0.7]));
    expectClose(toNdArray(tf.grad(f)(lift([0.3, 0.7]))).data, toNdArray(expected).data);
    expectClose(toNdArray(jit(tf.grad(f))(lift([0.3, 0.7]))).data, toNdArray(expected).data);
  });

  it('nests: all pairs', () => {
    const pairs = vmap((a: tf.Tensor) => vmap((b: tf.Tensor) => a.mul(b).sum())(x))(x);
    expectClose(toNdArray(pairs).data, toNdArray(tf.matMul(x, x, false, true)).data);
  });

  it('runs loops of examples side by side', () => {
    const walk = (v: tf.Tensor): tf.Tensor => scan((c: tf.Tensor, e: tf.Tensor) => [c.mul(0.5).add(e).tanh(), c] as const, 0, v).ys;
    const expected = tf.stack(tf.unstack(x).map(walk));
    expectClose(toNdArray(vmap(walk)(x)).data, toNdArray(expected).data);
    const slope = (v: tf.Tensor): tf.Tensor => tf.grad((t: tf.Tensor) => walk(t).sum())(v);
    const slopes = tf.stack(tf.unstack(x).map(slope));
    expectClose(toNdArray(vmap(slope)(x)).data, toNdArray(slopes).data);
    expectClose(toNdArray(tf.grad((v: tf.Tensor) => vmap(walk)(v).sum())(x)).data, toNdArray(slopes).data);
  }); // prettier-ignore

  it('draws for each key of a batch what the key draws alone', () => {
    const { stream } = keyFromSeed(1);
    const keys = lift([[1, 2], [3, 4], [5, 6]], 'int32'); // prettier-ignore
    const draw = (key: tf.Tensor): tf.Tensor => random.normal({ key, stream }, [4]);
    const expected = tf.stack(tf.unstack(keys).map(draw));
    expect(toNdArray(vmap(draw)(keys)).data).toEqual(toNdArray(expected).data);
  });

  it('gives the same on wasm and on the reference', () => {
    const f = (v: tf.Tensor): tf.Tensor => tf.cumsum(v.exp()).mul(v.sum());
    const [wasm, reference] = (['wasm', 'reference'] as const).map((executor) => toNdArray(vmap(f, { executor })(x)).data);
    expectClose(wasm, reference);
    expect(wasmExecutor.name).toBe('wasm');
    expect(wasm).toHaveLength(sizeOf([3, 2]));
  }); // prettier-ignore

  it('leaves no tensors behind but its result', () => {
    const former = tf.memory().numTensors;
    vmap(norm)(x).dispose();
    tf.tidy(() => tf.grad((v: tf.Tensor) => vmap(norm)(v).sum())(x)).dispose();
    expect(tf.memory().numTensors).toBe(former);
  });

  it('refuses arguments without a common number of examples', () => {
    expect(() => vmap((a: tf.Tensor, b: tf.Tensor) => a.add(b))(x, lift([1, 2]))).toThrow(SignatureError);
    expect(() => vmap((a: tf.Tensor, b: tf.Tensor) => a.add(b))(x, lift([1, 2]))).toThrow(/3 and 2 examples/);
    expect(() => vmap((a: tf.Tensor) => a)(lift(1))).toThrow(/has no axis 0/);
    expect(() => vmap((a: tf.Tensor) => a, { inAxes: null })(x)).toThrow(/no argument is batched/);
  });
});
