/** What is repeated while memory is watched. */
import { lift, tf } from '@pyro-ts/ops';
import { compile, jit, type CompiledFunction } from '../../src';

export interface Workload {
  readonly name: string;
  readonly times: number;
  /** Prepares, and returns the step to repeat. */
  readonly start: () => (i: number) => void;
}

/** Value and gradient of a regression's log density: a matrix product, a reduction, a few fused loops. */
function regression(x: tf.Tensor, y: tf.Tensor, w: tf.Tensor): { value: tf.Scalar; grads: tf.Tensor[] } {
  const density = (weights: tf.Tensor): tf.Scalar => {
    const logits = tf.matMul(x as tf.Tensor2D, tf.expandDims(weights, 1)).squeeze([1]);
    return tf.sub(tf.mul(y, logits), tf.softplus(logits)).sum();
  };
  return tf.valueAndGrads(density)([w]);
}

const columns = 8;

function compiled(rows: number): CompiledFunction {
  return compile(regression, {
    inputs: [{ shape: [rows, columns] }, { shape: [rows] }, { shape: [columns] }],
  });
}

const mostRows = 51_000;
const wave = Float64Array.from({ length: mostRows * columns }, (_, i) => Math.sin(i));

function data(rows: number): Float64Array[] {
  return [rows * columns, rows, columns].map((n) => wave.subarray(0, n));
}

function compilation(name: string, rows: (i: number) => number, dispose: boolean): Workload {
  return {
    name,
    times: 1000,
    start: () => (i) => {
      const program = compiled(rows(i));
      program.run(data(rows(i)));
      if (dispose) program.dispose();
    },
  };
}

export const workloads: readonly Workload[] = [
  {
    name: '100,000 calls of a program on typed arrays',
    times: 100_000,
    start: () => {
      const program = compiled(200);
      const inputs = data(200);
      return () => void program.run(inputs);
    },
  },
  {
    name: '100,000 calls of a jitted function on tensors',
    times: 100_000,
    start: () => {
      const f = jit(regression);
      const [x, y, w] = data(50);
      const tensors = [
        lift({ data: x, shape: [50, columns], dtype: 'float32' }),
        lift({ data: y, shape: [50], dtype: 'float32' }),
        lift({ data: w, shape: [columns], dtype: 'float32' }),
      ] as const;
      return () => tf.tidy(() => void f(...tensors));
    },
  },
  compilation('1,000 compilations of new programs, each disposed of', (i) => 10 + i, true),
  compilation('1,000 compilations of new programs, each dropped', (i) => 2000 + i, false),
  compilation('1,000 programs of 4 MB and more, each disposed of', (i) => 50_000 + i, true),
  {
    name: '1,000 shapes through one jitted function',
    times: 1000,
    start: () => {
      const f = jit(regression);
      return (i) => {
        const rows = 10 + i;
        const [x, y, w] = data(rows);
        tf.tidy(() => {
          const inputs = [
            lift({ data: x, shape: [rows, columns], dtype: 'float32' }),
            lift(y),
            lift(w),
          ] as const;
          f(...inputs);
        });
      };
    },
  },
];
