import * as ops from '..';
import { lift, tf, toNdArray, toNested, type NestedNumbers } from '..';

const nested = (t: tf.Tensor): NestedNumbers => toNested(toNdArray(t));
const square = [
  [1, 2, 3],
  [4, 5, 6],
  [7, 8, 9],
];

describe('triangles and diagonals', () => {
  it('tril and triu keep the diagonal named and what is on its side, infinities included', () => {
    expect(nested(ops.tril(square))).toEqual([
      [1, 0, 0],
      [4, 5, 0],
      [7, 8, 9],
    ]);
    expect(nested(ops.tril(square, -1))).toEqual([
      [0, 0, 0],
      [4, 0, 0],
      [7, 8, 0],
    ]);
    expect(nested(ops.triu(square, 1))).toEqual([
      [0, 2, 3],
      [0, 0, 6],
      [0, 0, 0],
    ]);
    expect(
      nested(
        ops.tril(
          [
            [1, Infinity],
            [NaN, 1],
          ],
          -1,
        ),
      ),
    ).toEqual([
      [0, 0],
      [NaN, 0],
    ]);
    expect(() => ops.tril([1, 2])).toThrow(/not a matrix/);
  });
  it('matrixDiag and diagPart undo each other, in batches', () => {
    const x = [
      [1, 2],
      [3, 4],
    ];
    expect(nested(ops.matrixDiag(x))).toEqual([
      [
        [1, 0],
        [0, 2],
      ],
      [
        [3, 0],
        [0, 4],
      ],
    ]);
    expect(nested(ops.diagPart(ops.matrixDiag(x)))).toEqual(x);
    expect(
      nested(
        ops.diagPart([
          [1, 2, 3],
          [4, 5, 6],
        ]),
      ),
    ).toEqual([1, 5]);
    expect(nested(ops.diag([1, 2]))).toEqual([
      [1, 0],
      [0, 2],
    ]);
    expect(nested(ops.diag(square))).toEqual([1, 5, 9]);
    expect(nested(ops.matrixDiag([Infinity, 1]))).toEqual([
      [Infinity, 0],
      [0, 1],
    ]);
  });
  it('outer multiplies every pair, in batches', () => {
    expect(nested(ops.outer([1, 2], [3, 4, 5]))).toEqual([
      [3, 4, 5],
      [6, 8, 10],
    ]);
    expect(ops.outer(tf.ones([2, 1, 3]), tf.ones([4, 2])).shape).toEqual([2, 4, 3, 2]);
  });
});

describe('vectors as lower triangles', () => {
  it('fills row by row, with the diagonal or without', () => {
    expect(nested(ops.vecToTril([1, 2, 3], 2))).toEqual([
      [1, 0],
      [2, 3],
    ]);
    expect(nested(ops.vecToTril([1, 2, 3], 3, { strict: true }))).toEqual([
      [0, 0, 0],
      [1, 0, 0],
      [2, 3, 0],
    ]);
    expect(nested(ops.vecToTril(lift([], 'float32'), 1, { strict: true }))).toEqual([[0]]);
  });
  it('trilToVec undoes it, in batches', () => {
    for (const strict of [true, false]) {
      const x = lift([
        [1, 2, 3, 4, 5, 6],
        [6, 5, 4, 3, 2, 1],
      ]);
      const n = strict ? 4 : 3;
      expect(nested(ops.trilToVec(ops.vecToTril(x, n, { strict }), { strict }))).toEqual(nested(x));
    }
  });
  it('names the positions', () => {
    const { rows, columns } = ops.trilIndices(3, { strict: true });
    expect([[...rows], [...columns]]).toEqual([
      [1, 2, 2],
      [0, 0, 1],
    ]);
  });
  it('says how long the vector should be', () => {
    expect(() => ops.vecToTril([1, 2], 2)).toThrow(/Fix: make the last dimension 3/);
  });
  it('has the adjoint as derivative', () => {
    const weights = lift([
      [1, 10],
      [100, 1000],
    ]);
    const gradient = tf.grad((x) => tf.sum(tf.mul(ops.vecToTril(x, 2), weights)))(lift([1, 2, 3]));
    expect(nested(gradient)).toEqual([1, 100, 1000]);
    const back = tf.grad((m) => tf.sum(tf.mul(ops.trilToVec(m), lift([1, 2, 3]))))(
      lift([
        [1, 2],
        [3, 4],
      ]),
    );
    expect(nested(back)).toEqual([
      [1, 0],
      [2, 3],
    ]);
    const band = tf.grad((m) => tf.sum(tf.mul(ops.triu(m, 1), weights)))(
      lift([
        [1, 2],
        [3, 4],
      ]),
    );
    expect(nested(band)).toEqual([
      [0, 10],
      [0, 0],
    ]);
    const onDiagonal = tf.grad((d) => tf.sum(tf.mul(ops.matrixDiag(d), weights)))(lift([5, 6]));
    expect(nested(onDiagonal)).toEqual([1, 1000]);
  });
});

describe('memory', () => {
  it('every operation leaves one tensor, also when given numbers', () => {
    const matrix = [
      [4, 1],
      [1, 3],
    ];
    const operations: readonly (() => tf.Tensor)[] = [
      () => ops.cholesky(matrix),
      () => ops.choleskyLogDet(matrix),
      () => ops.choleskySolve(matrix, matrix),
      () => ops.choleskyInverse(matrix),
      () => ops.logdet(matrix),
      () => ops.det(matrix),
      () => ops.inverse(matrix),
      () => ops.tril(matrix),
      () => ops.diag([1, 2]),
      () => ops.diagPart(matrix),
      () => ops.outer([1, 2], [3]),
      () => ops.vecToTril([1, 2, 3], 2),
      () => ops.trilToVec(matrix),
      () => ops.lgamma(2),
      () => ops.mvlgamma(5, 3),
      () => ops.polygamma(2, 3),
      () => ops.betainc(1, 2, 0.5),
      () => ops.logaddexp(1, 2),
      () => ops.logSigmoid(1),
      () => ops.logsumexp([1, 2]),
    ];
    for (const operation of operations) {
      const before = tf.memory().numTensors;
      const result = operation();
      expect([String(operation), tf.memory().numTensors - before]).toEqual([String(operation), 1]);
      result.dispose();
      expect(tf.memory().numTensors).toBe(before);
    }
  });
});
