import { kernels, type Attrs, type KernelName, type NumericArray } from '@pyro-ts/ops';
import { expectClose } from '@pyro-ts/testing';
import { kernelCases } from '../../../test/kernel-cases';
import { interpret } from '../../reference/executor';
import { wasmExecutor } from '../executor';
import { float, int, singleNode, type InputCase } from './cases';

/** The kernel compiled and interpreted on the same inputs. */
function both(kernel: string, inputs: readonly InputCase[], attrs: Attrs): readonly NumericArray[][] {
  const { graph, data } = singleNode(kernel, inputs, attrs);
  const program = wasmExecutor.compile(graph);
  expect(program.fallbackKernels).toEqual([]);
  const results = program.run(data);
  program.dispose();
  return [results, interpret(graph, data)];
}

function check(kernel: string, inputs: readonly InputCase[], attrs: Attrs = {}, rel = 1e-12): void {
  const [actual, expected] = both(kernel, inputs, attrs);
  actual.forEach((a, i) => expectClose(a, expected[i], { rel, abs: rel === 0 ? 0 : 1e-14 }, `output ${i}`));
}

const data = (shape: number[], values: readonly number[]): InputCase => ({
  shape,
  data: Float64Array.from(values),
});
const ints = (shape: number[], values: readonly number[]): InputCase => ({
  shape,
  dtype: 'int',
  data: Int32Array.from(values),
});
const key = ints([2], [123456, -789]);
const stream = { stream: [0xdeadbeef, 5] };
const noise = (n: number, seed = 1): number[] =>
  Array.from({ length: n }, (_, i) => Math.sin(seed * 7.1 + i * 12.9898) * 4);

describe('every kernel of the table', () => {
  const names = Object.keys(kernels) as KernelName[];

  it.each(names)('%s runs without JavaScript in wasm programs, like the reference', (kernel) => {
    for (const { inputs, attrs } of kernelCases[kernel]) check(kernel, inputs, attrs, 1e-11);
  });
});

describe('draws with rejection have the bits of JavaScript', () => {
  const rates = [0, 0.3, 5, 9.99, 10, 47.5, 1e3, 1e6, 1e10, -1, NaN, ...noise(60).map(Math.abs)];
  const shapes = [1e-3, 0.2, 0.9999, 1, 1.5, 40, 1e6, 0, -2, NaN, Infinity, ...noise(80, 2).map(Math.abs)];

  it.each(['PhiloxGamma', 'PhiloxLogGamma'])('%s', (kernel) => {
    check(kernel, [key, data([shapes.length], shapes)], stream, 0);
  });

  it('PhiloxPoisson', () => check('PhiloxPoisson', [key, data([rates.length], rates)], stream, 0));

  it('PhiloxBinomial', () => {
    const counts = rates.map((_, i) => [0, 1, 7, 30, 1000, 1e6, -1, NaN][i % 8]);
    const probs = rates.map((_, i) => [0, 0.01, 0.3, 0.5, 0.77, 1, 1.5][i % 7]);
    check('PhiloxBinomial', [key, data([rates.length], counts), data([rates.length], probs)], stream, 0);
  });

  it('PhiloxCategorical', () => {
    for (const count of [1, 2, 3, 17]) {
      const logits = noise(4 * count, count).map((x, i) => (i % 5 === 3 ? -Infinity : x));
      check('PhiloxCategorical', [key, data([4, count], logits)], { ...stream, sampleShape: [33] }, 0);
    }
    check(
      'PhiloxCategorical',
      [key, data([2, 2], [NaN, 1, -Infinity, -Infinity])],
      { ...stream, sampleShape: [3] },
      0,
    );
  });

  it('PhiloxMultinomial', () => {
    const probs = [0.2, 0.3, 0.5, 0, 1, 0, 0, 0, 0, 0.1, 0.1, 0.8];
    check('PhiloxMultinomial', [key, data([4], [10, 1e5, 3, -1]), data([4, 3], probs)], stream, 0);
  });
});

describe('sorting and searching', () => {
  it.each([1, 2, 3, 16, 17, 100, 1000])('TopK of rows of %d, ties and NaN among them', (n) => {
    const x = noise(2 * n, n).map((v, i) => (i % 11 === 4 ? NaN : i % 7 === 2 ? Infinity : Math.round(v)));
    for (const k of [1, Math.ceil(n / 2), n]) check('TopK', [data([2, n], x)], { k, sorted: true }, 0);
    check('TopK', [ints([2, n], noise(2 * n).map(Math.round))], { k: n, sorted: true }, 0);
  });

  it.each(['LowerBound', 'UpperBound', 'SearchSorted'])('%s, values that occur and edges', (kernel) => {
    const sorted = noise(30).map(Math.round).sort((a, b) => a - b); // prettier-ignore
    const values = [...sorted.slice(0, 20), -9, 9, Infinity, -Infinity, NaN, 0.5, 1.5, -0.5, 2.5, 3.5];
    for (const side of ['left', 'right'])
      check(kernel, [data([2, 15], sorted), data([2, 15], values)], { side }, 0);
  });
});

describe('counting', () => {
  const x = ints([2, 6], [0, 3, 9, -1, 3, 2, 1, 1, 1, 0, 4, 5]);
  it.each(['Bincount', 'DenseBincount'])(
    '%s, with and without weights, numbers out of range among them',
    (kernel) => {
      const rows = kernel === 'Bincount' ? { ...x, shape: [12] } : x;
      for (const binaryOutput of kernel === 'Bincount' ? [false] : [false, true]) {
        check(kernel, [rows, data(rows.shape as number[], noise(12))], { size: 5, binaryOutput }, 0);
        check(kernel, [rows, data([0], [])], { size: 5, binaryOutput }, 0);
      }
    },
  );
});

describe('matrices by elimination', () => {
  it.each([1, 2, 3, 8, 25])('of order %d', (n) => {
    check('LogMatrixDeterminant', [data([3, n, n], noise(3 * n * n, n))]);
    check('MatrixInverse', [data([2, n, n], noise(2 * n * n, n + 1))], {}, 1e-10);
  });

  it('that are singular, or hold NaN', () => {
    check('LogMatrixDeterminant', [data([3, 2, 2], [1, 2, 2, 4, 0, 0, 0, 0, NaN, 1, 1, 1])]);
    check('MatrixInverse', [data([2, 2], [0, 1, 1, 0])]);
  });
});

describe('places that are written', () => {
  it('of tensors, with repeated indices, whole rows, and one number for all', () => {
    const indices = ints([3, 1], [2, 0, 2]);
    check('TensorScatterUpdate', [float(4, 3), indices, float(3, 3)]);
    check('TensorScatterUpdate', [float(4, 3), indices, float()]);
    check('TensorScatterUpdate', [int(4, 3), ints([2, 2], [3, 1, 0, 0]), int(2)]);
    check('SparseToDense', [ints([3, 2], [0, 1, 1, 1, 0, 1]), float(3), float()], { outputShape: [2, 3] });
    check('SparseToDense', [ints([2, 1], [4, 0]), float(), float()], { outputShape: [5] });
  });

  it('refuse an index out of range with the error of the kernel', () => {
    const { graph, data: given } = singleNode(
      'TensorScatterUpdate',
      [float(4), ints([1, 1], [4]), float(1)],
      {},
    );
    expect(() => wasmExecutor.compile(graph).run(given)).toThrow(/tensorScatterUpdate/);
  });

  it('by a band', () => {
    for (const [low, high] of [[-1, 0], [0, -1], [1, 2], [0, 0], [-1, -1]])
      check('MatrixBandPart', [float(2, 4, 5), ints([], [low]), ints([], [high])]);
  }); // prettier-ignore
});

it('outputs without elements, and no outputs, need no JavaScript', () => {
  check('Unpack', [float(3, 0)], { axis: 1 });
  for (const kernel of ['Exp', 'Add', 'Erfinv'])
    check(kernel, kernel === 'Add' ? [float(0, 3), float(3)] : [float(2, 0)]);
});
