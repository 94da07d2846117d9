import { lift, tf } from '@pyro-ts/ops';
import { kernelsLeft } from '../../../test/kernels-left';

const [n, d] = [30, 12];
const matrix = Array.from({ length: n }, (_, i) => Array.from({ length: d }, (__, j) => Math.sin(i * d + j)));
const few = matrix.map((row) => row.slice(0, 3));

/** Apart from reshapes. */
const kernels = (fn: (x: tf.Tensor) => tf.Tensor, length: number): string[] =>
  kernelsLeft(fn, length).filter((kernel) => kernel !== 'Reshape');

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
