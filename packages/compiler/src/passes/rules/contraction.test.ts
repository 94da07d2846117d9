import { lift, tf } from '@pyro-ts/ops';
import { expectClose } from '@pyro-ts/testing';
import { verify } from '../../graph/verify';
import { interpret } from '../../reference/executor';
import { trace } from '../../trace/trace';
import { optimize } from '../optimize';

const [n, d] = [30, 12];
const matrix = Array.from({ length: n }, (_, i) => Array.from({ length: d }, (__, j) => Math.sin(i * d + j)));
const few = matrix.map((row) => row.slice(0, 3));

/** The kernels that are left of a function of one vector, after its values have been compared. */
function kernels(fn: (x: tf.Tensor) => tf.Tensor, length: number): string[] {
  const raw = verify(trace(([x]) => [fn(x)], [{ name: 'x', shape: [length], dtype: 'float32' }]));
  const graph = optimize(raw, { afterPass: (_name, g) => verify(g) });
  const x = Float64Array.from({ length }, (_, i) => Math.cos(2 * i + 1));
  const expected = interpret(raw, [x]);
  interpret(graph, [x]).forEach((output, i) => expectClose(output, expected[i], { rel: 1e-12, abs: 1e-12 }));
  return graph.nodes.map((node) => node.kernel).filter((kernel) => kernel !== 'Reshape');
}

describe('sums of products of a given matrix', () => {
  it('and a row are the matrix by a vector, on either side', () => {
    expect(kernels((b) => tf.sum(tf.mul(lift(matrix), b), 1), d)).toEqual(['BatchMatMul']);
    expect(kernels((b) => tf.sum(b.expandDims(0).mul(lift(matrix)), -1, true), d)).toEqual(['BatchMatMul']);
  });

  it('and a column are the transposed matrix by a vector', () => {
    expect(kernels((w) => tf.sum(tf.mul(lift(matrix), w.expandDims(1)), 0), n)).toEqual(['BatchMatMul']);
  });

  it('have such products as gradients', () => {
    const gradient = tf.grad((b) =>
      tf
        .sum(tf.mul(lift(matrix), b), 1)
        .square()
        .sum(),
    );
    expect(kernels(gradient, d).filter((kernel) => kernel !== 'Multiply')).toEqual([
      'BatchMatMul',
      'BatchMatMul',
    ]);
  });

  it('stay as they are over the other axis, of few columns, and of matrices that are computed', () => {
    expect(kernels((b) => tf.sum(tf.mul(lift(matrix), b)), d)).not.toContain('BatchMatMul');
    expect(kernels((b) => tf.sum(tf.mul(lift(few), b), 1), 3)).not.toContain('BatchMatMul');
    const computed = (b: tf.Tensor): tf.Tensor => tf.sum(tf.exp(tf.mul(lift(matrix), b.sum())).mul(b), 1);
    expect(kernels(computed, d)).not.toContain('BatchMatMul');
  });
});
