import { expectClose } from '@pyro-ts/testing';
import { numericGradient, richardson, weightsFor } from '../../test/gradients/finite-differences';
import { generator } from '../../test/gradients/random-data';
import * as ops from '..';
import { kernels, lift, scoped, sizeOf, tf, toNdArray, type KernelName, type NdArray, type Shape } from '..';

const EPSILON = 2 ** -52;
const values = (t: tf.Tensor): number[] => [...toNdArray(t).data];

/** Matrices of `shape` with entries in (−1, 1); `dominant` adds n to the diagonal, `spd` makes them A Aᵀ + 1. */
function matrices(shape: Shape, kind: 'plain' | 'dominant' | 'spd', seed: number): NdArray {
  const next = generator(seed);
  const n = shape[shape.length - 1];
  const data = Float64Array.from({ length: sizeOf(shape) }, () => 2 * next() - 1);
  if (kind === 'plain') return { data, shape, dtype: 'float32' };
  const out = new Float64Array(data.length);
  for (let at = 0; at < data.length; at += n * n) {
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) {
        let sum = kind === 'dominant' ? data[at + i * n + j] : 0;
        if (kind === 'spd') for (let k = 0; k < n; k++) sum += data[at + i * n + k] * data[at + j * n + k];
        out[at + i * n + j] = sum + (i === j ? (kind === 'dominant' ? n : 1) : 0);
      }
    }
  }
  return { data: out, shape, dtype: 'float32' };
}

const hilbert = (n: number): number[][] =>
  Array.from({ length: n }, (_, i) => Array.from({ length: n }, (_, j) => 1 / (i + j + 1)));

interface Case {
  readonly name: KernelName;
  readonly inputs: readonly NdArray[];
  readonly attrs?: ops.Attrs;
}

const batches: readonly Shape[] = [[], [3], [2, 1], [2, 1, 1, 2]];
const flags = [true, false].flatMap((lower) => [true, false].map((adjoint) => ({ lower, adjoint })));

const cases: readonly Case[] = [
  ...batches.map((b, i): Case => ({ name: 'Cholesky', inputs: [matrices([...b, 3, 3], 'spd', i + 1)] })),
  { name: 'Cholesky', inputs: [matrices([1, 1], 'spd', 4)] },
  { name: 'Cholesky', inputs: [matrices([6, 6], 'spd', 5)] },
  ...flags.flatMap((attrs) =>
    batches.map((b, i): Case => {
      const rhs = matrices([...batches[(i + 1) % 4], 3, 2], 'plain', i + 20);
      return { name: 'TriangularSolve', inputs: [matrices([...b, 3, 3], 'dominant', i + 10), rhs], attrs };
    }),
  ),
  ...batches.map((b, i): Case => ({
    name: 'MatrixInverse',
    inputs: [matrices([...b, 3, 3], 'dominant', i)],
  })),
  ...batches.map((b, i): Case => ({
    name: 'LogMatrixDeterminant',
    inputs: [matrices([...b, 4, 4], 'dominant', i + 3)],
  })),
];

function scalarOf({ name, inputs, attrs = {} }: Case, k: number): (x: tf.Tensor) => tf.Scalar {
  const specs = kernels[name].infer(inputs, attrs);
  const weights = weightsFor(specs.map((s) => sizeOf(s.shape)));
  return (x) => {
    const tensors = inputs.map((input, i) => (i === k ? x : lift(input)));
    const named = Object.fromEntries(tensors.map((t, i) => [kernels[name].inputs[i], t]));
    const result = ops.runKernelMulti(name, named, attrs) as tf.Tensor | tf.Tensor[];
    const outputs = Array.isArray(result) ? result : [result];
    return tf.addN<tf.Scalar>(
      outputs.map((y, i) => tf.sum(tf.mul(y, lift({ data: weights[i], shape: y.shape, dtype: 'float32' })))),
    );
  };
}

const title = ({ name, inputs, attrs }: Case): string =>
  `${name} ${inputs.map((x) => `[${x.shape.join()}]`).join(' ')} ${attrs ? JSON.stringify(attrs) : ''}`;

describe('derivatives of linear algebra agree with differences', () => {
  it.each(cases.map((c): [string, Case] => [title(c), c]))('first, to 1e-9: %s', (_title, given) => {
    const { name, inputs, attrs = {} } = given;
    const weights = weightsFor(kernels[name].infer(inputs, attrs).map((s) => sizeOf(s.shape)));
    inputs.forEach((x, k) => {
      const actual: NdArray = scoped(() => toNdArray(tf.grad(scalarOf(given, k))(lift(x))));
      expect(actual.shape).toEqual(x.shape);
      const expected = numericGradient(kernels[name], inputs, attrs, k, weights);
      expectClose(actual.data, expected, { rel: 1e-9, abs: 1e-9 }, `operand ${k}`);
    });
  });
  const small = cases.filter(({ inputs }) => inputs.every((x) => x.shape.length === 2));
  it.each(small.map((c): [string, Case] => [title(c), c]))('second, to 1e-8: %s', (_title, given) => {
    given.inputs.forEach((x, k) => {
      const [direction] = weightsFor([x.data.length]);
      const slope = (t: tf.Tensor): tf.Scalar => {
        const first = tf.grad(scalarOf(given, k))(t);
        const weights = lift({ data: direction, shape: x.shape, dtype: 'float32' });
        return tf.sum(tf.mul(tf.add(first, tf.mul(t, 0)), weights));
      };
      const actual = tf.tidy(() => values(tf.grad(slope)(lift(x))));
      const expected = Float64Array.from(x.data, (value, i) =>
        richardson((moved) => {
          const data = Float64Array.from(x.data);
          data[i] = moved;
          return tf.tidy(() => slope(lift({ ...x, data })).dataSync()[0]);
        }, value),
      );
      expectClose(actual, expected, { rel: 1e-8, abs: 1e-8 }, `operand ${k}`);
    });
  });
});

/** The largest |a − b| / c. */
const worst = (a: readonly number[], b: readonly number[], c: readonly number[]): number =>
  Math.max(...a.map((v, i) => Math.abs(v - b[i]) / c[i]));

describe('backward errors', () => {
  it.each([2, 5, 8, 12])('L Lᵀ is within (n + 2) ε |L||Lᵀ| of a Hilbert matrix of order %i', (n) => {
    const a = lift(hilbert(n));
    const l = ops.cholesky(a);
    const product = values(tf.matMul(l, l, false, true));
    const absolute = values(tf.matMul(tf.abs(l), tf.abs(l), false, true));
    expect(worst(product, values(a), absolute)).toBeLessThan((n + 2) * EPSILON);
  });
  it.each(flags)('triangular solves leave a residual within (n + 2) ε |T||X|: %j', ({ lower, adjoint }) => {
    const n = 10;
    const t = ops.cholesky(hilbert(n));
    const matrix = lower ? t : tf.transpose(t);
    const b = lift(matrices([n, 3], 'plain', 8));
    const x = ops.triangularSolve(matrix, b, { lower, adjoint });
    const effective = adjoint ? tf.transpose(matrix) : matrix;
    const residual = values(tf.matMul(effective, x));
    const size = values(tf.add(tf.matMul(tf.abs(effective), tf.abs(x)), tf.abs(b)));
    expect(worst(residual, values(b), size)).toBeLessThan((n + 2) * EPSILON);
  });
  it('log det of a Hilbert matrix of order 8 is right to its conditioning', () => {
    // det H₈ = 1/365356847125734485878112256000000 (OEIS A005249)
    const expected = -Math.log(Number(365356847125734485878112256000000n));
    expectClose(values(ops.logdet(hilbert(8))), [expected], { rel: 1e-8 });
    expectClose(values(ops.slogdet(hilbert(8)).logAbsDet), [expected], { rel: 1e-8 });
  });
});

describe('Cholesky factors', () => {
  it('reads the symmetric part, so the gradient is symmetric', () => {
    const skewed = lift([
      [4, 3],
      [1, 3],
    ]);
    expect(values(ops.cholesky(skewed))).toEqual(
      values(
        ops.cholesky([
          [4, 2],
          [2, 3],
        ]),
      ),
    );
    const [, upper, lower] = values(tf.grad((a) => tf.sum(ops.cholesky(a)))(skewed));
    expect(upper).toBe(lower);
  });
  it('of a matrix that is not positive definite is NaN, only in that matrix of the batch, and throws nothing', () => {
    const l = values(
      ops.cholesky([
        [
          [1, 2],
          [2, 1],
        ],
        [
          [4, 0],
          [0, 9],
        ],
        [
          [NaN, 0],
          [0, 1],
        ],
        [
          [0, 0],
          [0, 1],
        ],
      ]),
    );
    expect(l).toEqual([NaN, 0, NaN, NaN, 2, 0, 0, 3, NaN, 0, NaN, NaN, NaN, 0, NaN, NaN]);
  });
  it('rejects what is not square', () => {
    expect(() => ops.cholesky([[1, 2]])).toThrow(/square/);
    expect(() => ops.triangularSolve([[1]], [1, 2])).toThrow(/right-hand side/);
  });
  it('solves, inverts and gives the determinant', () => {
    const a = lift(matrices([2, 4, 4], 'spd', 3));
    const l = ops.cholesky(a);
    const b = lift(matrices([4, 2], 'plain', 6));
    expectClose(values(tf.matMul(a, ops.choleskySolve(l, b))), [...values(b), ...values(b)], {
      abs: 1e-14,
      rel: 1e-13,
    });
    expectClose(
      values(tf.matMul(a, ops.choleskyInverse(l))),
      values(tf.add(ops.eye(4), tf.zeros([2, 1, 1]))),
      { abs: 1e-14 },
    );
    expectClose(values(ops.choleskyLogDet(l)), values(ops.slogdet(a).logAbsDet), { rel: 1e-13 });
    expectClose(values(tf.grad((x) => tf.sum(ops.logdet(x)))(a)), values(ops.inverse(a)), {
      rel: 1e-12,
      abs: 1e-14,
    });
  });
  it('has no entries in an empty batch', () => {
    expect(ops.cholesky(tf.zeros([0, 3, 3])).shape).toEqual([0, 3, 3]);
    expect(ops.triangularSolve(tf.zeros([0, 3, 3]), tf.zeros([3, 2])).shape).toEqual([0, 3, 2]);
  });
});

describe('determinants of general matrices', () => {
  it('have their sign, and 0 and −∞ for a singular one', () => {
    const { sign, logAbsDet } = ops.slogdet([
      [
        [0, 1],
        [1, 0],
      ],
      [
        [1, 2],
        [2, 4],
      ],
      [
        [2, 0],
        [0, 3],
      ],
    ]);
    expect(values(sign)).toEqual([-1, 0, 1]);
    expectClose(values(logAbsDet), [0, -Infinity, Math.log(6)], { ulp: 1 });
    expectClose(
      values(
        ops.det([
          [1, 2],
          [3, 4],
        ]),
      ),
      [-2],
      { ulp: 4 },
    );
  });
});
