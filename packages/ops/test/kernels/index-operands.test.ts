import { tf, toNdArray } from '@pyro-ts/ops';

const read = (t: tf.Tensor): number[] => Array.from(toNdArray(t).data);

describe('a vector of indices', () => {
  const indices = tf.tensor1d([4, 1, 4], 'int32');

  it('names as many rows to scatterND, whose repeated rows add up', () => {
    expect(read(tf.scatterND(indices, tf.tensor1d([5, 6, 7]), [5]))).toEqual([0, 6, 0, 0, 12]);
    const rows = tf.tensor2d([1, 2, 3, 4, 5, 6], [3, 2]);
    expect(read(tf.scatterND(indices, rows, [5, 2]))).toEqual([0, 0, 3, 4, 0, 0, 0, 0, 6, 8]);
  });

  it('names as many rows to the gradient of scatterND', () => {
    const weights = tf.tensor1d([1, 2, 3, 4, 5]);
    const gradient = tf.grad((u: tf.Tensor) =>
      tf
        .scatterND(indices, u as tf.Tensor1D, [5])
        .mul(weights)
        .sum(),
    );
    expect(read(gradient(tf.tensor1d([5, 6, 7])))).toEqual([5, 2, 5]);
  });

  it('is one tuple to gatherND and its gradient', () => {
    const x = tf.tensor2d([1, 2, 3, 4, 5, 6], [2, 3]);
    const place = tf.tensor1d([1, 2], 'int32');
    expect(read(tf.gatherND(x, place))).toEqual([6]);
    expect(read(tf.grad((t: tf.Tensor) => tf.gatherND(t, place).mul(3))(x))).toEqual([0, 0, 0, 0, 0, 3]);
  });
});

describe('operands that do not fit', () => {
  it('are refused by gatherND: a scalar of indices, tuples longer than the rank', () => {
    const x = tf.tensor2d([1, 2, 3, 4], [2, 2]);
    expect(() => tf.gatherND(x, tf.scalar(1, 'int32'))).toThrow(/gatherND: indices \[\] for shape \[2, 2\]/);
    expect(() => tf.gatherND(x, tf.tensor1d([0, 0, 0], 'int32'))).toThrow(/gatherND/);
  });
});

describe('_FusedMatMul', () => {
  it('takes weights of prelu without a bias before them', () => {
    const [a, b] = [tf.tensor2d([1, -2, 3, -4], [2, 2]), tf.eye(2)];
    const preluActivationWeights = tf.tensor2d([0.5, 0.25], [1, 2]);
    const y = tf.fused.matMul({ a, b, activation: 'prelu', preluActivationWeights });
    expect(read(y)).toEqual([1, -0.5, 3, -1]);
    const bias = tf.tensor1d([-2, 1]);
    const z = tf.fused.matMul({ a, b, bias, activation: 'prelu', preluActivationWeights });
    expect(read(z)).toEqual([-0.5, -0.25, 1, -0.75]);
  });
});
