import { expectClose } from '@pyro-ts/testing';
import { numericGradient, richardson, weightsFor } from '../../test/gradients/finite-differences';
import { generator } from '../../test/gradients/random-data';
import * as ops from '..';
import { kernels, lift, runKernel, scoped, sizeOf, tf, toNdArray, type NdArray, type Shape } from '..';
import type { specialKernels } from './kernels';

type Name = keyof typeof specialKernels;
type Interval = readonly [number, number];

/** Intervals of the operands on which the kernel is smooth, and those that cannot be differentiated by. */
interface Domain {
  readonly intervals: readonly Interval[];
  readonly constant?: readonly number[];
  readonly attrs?: ops.Attrs;
}

const positive: Interval = [0.3, 4];
const real: Interval = [-3, 3];
/** Inside (0, 1), far from the ends where differences see the singularity. */
const open: Interval = [0.2, 0.8];

const domains: Readonly<Record<Name, Domain>> = {
  Lgamma: { intervals: [positive] },
  Digamma: { intervals: [positive] },
  Polygamma: { intervals: [positive], attrs: { n: 2 } },
  Betaln: { intervals: [positive, positive] },
  Lbinom: {
    intervals: [
      [4.2, 9],
      [0.3, 4],
    ],
  },
  Gammainc: { intervals: [positive, positive] },
  Gammaincc: { intervals: [positive, positive] },
  GammaincGradA: { intervals: [positive, positive], constant: [0] },
  RandomGammaGrad: { intervals: [positive, positive], constant: [0] },
  Gammaincinv: { intervals: [positive, open] },
  Betainc: { intervals: [positive, positive, open] },
  BetaincGradA: { intervals: [positive, positive, open], constant: [0, 1] },
  BetaincGradB: { intervals: [positive, positive, open], constant: [0, 1] },
  Betaincinv: { intervals: [positive, positive, open] },
  Erfc: { intervals: [real] },
  Erfcx: { intervals: [real] },
  Erfinv: { intervals: [[-0.7, 0.7]] },
  Erfcinv: { intervals: [[0.3, 1.7]] },
  Ndtr: { intervals: [real] },
  LogNdtr: { intervals: [real] },
  Ndtri: { intervals: [open] },
  I0e: { intervals: [[0.1, 30]] },
  I1e: { intervals: [[0.1, 30]] },
  LogI0: { intervals: [real] },
  BesselRatio: { intervals: [[0.1, 30]] },
  Log1mexp: { intervals: [[-4, -0.1]] },
  LogExcess: {
    intervals: [
      [-0.4, 3],
      [0.6, 4],
    ],
    constant: [0, 1],
  },
  LogExponent: { intervals: [[4.1, 7.9]], constant: [0] },
  LogFraction: { intervals: [[4.1, 7.9]] },
  Logit: { intervals: [open] },
  Logaddexp: { intervals: [real, real] },
  Logdiffexp: {
    intervals: [
      [1, 3],
      [-3, 0.5],
    ],
  },
  Xlogy: { intervals: [real, positive] },
  Xlog1py: { intervals: [real, [-0.6, 3]] },
};

/** Shapes of one, two and three operands, up to rank 8, with every way of broadcasting among them. */
const shapes: readonly (readonly [Shape, Shape, Shape])[] = [
  [[], [], []],
  [[3], [3], [3]],
  [[2, 1], [3], []],
  [[], [2, 2], [2]],
  [[1, 2, 1], [2, 1, 2], [2]],
  [
    [2, 1, 1, 2, 1, 1, 2, 1],
    [1, 1, 2, 1],
    [2, 1, 1, 1, 1, 1, 1, 1],
  ],
];

function operand(shape: Shape, [from, to]: Interval, seed: number): NdArray {
  const next = generator(seed);
  const data = Float64Array.from({ length: sizeOf(shape) }, () => from + (to - from) * next());
  return { data, shape, dtype: 'float32' };
}

const operandsOf = ({ intervals }: Domain, index: number): NdArray[] =>
  intervals.map((interval, k) => operand(shapes[index][k], interval, 17 * index + k + 1));

const inputMap = (name: Name, tensors: readonly tf.Tensor[]): Record<string, tf.Tensor> =>
  Object.fromEntries(tensors.map((t, i) => [kernels[name].inputs[i], t]));

const differentiable = ({ intervals, constant = [] }: Domain): number[] =>
  intervals.map((_, k) => k).filter((k) => !constant.includes(k));

/** Weighted sum of the kernel's output as a function of operand k. */
function scalarOf(name: Name, inputs: readonly NdArray[], k: number): (x: tf.Tensor) => tf.Scalar {
  const { attrs = {} } = domains[name];
  const [{ shape }] = kernels[name].infer(inputs, attrs);
  const [data] = weightsFor([sizeOf(shape)]);
  return (x) => {
    const tensors = inputs.map((input, i) => (i === k ? x : lift(input)));
    const y = runKernel(name, inputMap(name, tensors), attrs);
    return tf.sum(tf.mul(y, lift({ data, shape, dtype: 'float32' })));
  };
}

const names = Object.keys(domains) as Name[];

describe('first derivatives agree with differences to 1e-8, broadcast, up to rank 8', () => {
  it.each(names)('%s', (name) => {
    shapes.forEach((_, index) => {
      const inputs = operandsOf(domains[name], index);
      const attrs = domains[name].attrs ?? {};
      const weights = weightsFor(kernels[name].infer(inputs, attrs).map((s) => sizeOf(s.shape)));
      for (const k of differentiable(domains[name])) {
        const actual: NdArray = scoped(() => toNdArray(tf.grad(scalarOf(name, inputs, k))(lift(inputs[k]))));
        expect(actual.shape).toEqual(inputs[k].shape);
        const expected = numericGradient(kernels[name], inputs, attrs, k, weights);
        expectClose(actual.data, expected, { rel: 1e-8, abs: 2e-9 }, `${name} shapes ${index} operand ${k}`);
      }
    });
  });
});

describe('second derivatives agree with differences of the first to 1e-7', () => {
  /** Only once by their shape parameters. */
  const once: Partial<Record<Name, readonly number[]>> = {
    Gammainc: [0],
    Gammaincc: [0],
    Gammaincinv: [0, 1],
    Betainc: [0, 1],
    Betaincinv: [0, 1, 2],
    GammaincGradA: [1],
    RandomGammaGrad: [1],
    BetaincGradA: [2],
    BetaincGradB: [2],
  };
  it.each(names)('%s', (name) => {
    const inputs = operandsOf(domains[name], 1);
    for (const k of differentiable(domains[name])) {
      if (once[name]?.includes(k) === true) continue;
      const first = (x: tf.Tensor): tf.Tensor => tf.grad(scalarOf(name, inputs, k))(x);
      const slope = (x: tf.Tensor): tf.Scalar => tf.sum(first(x));
      const actual = scoped(() => toNdArray(tf.grad(slope)(lift(inputs[k]))).data);
      const expected = Float64Array.from(inputs[k].data, (value, i) =>
        richardson((moved) => {
          const data = Float64Array.from(inputs[k].data);
          data[i] = moved;
          return tf.tidy(() => slope(lift({ ...inputs[k], data })).dataSync()[0]);
        }, value),
      );
      expectClose(actual, expected, { rel: 1e-7, abs: 1e-8 }, `${name} operand ${k}`);
    }
  });
  it('mixed: ∂²P/∂a∂x and ∂²I/∂a∂x exist', () => {
    const x = lift(1.3);
    const inA = (a: tf.Tensor, at: tf.Tensor): tf.Tensor => tf.grad((v) => ops.gammainc(v, at))(a);
    const mixed = tf
      .grad((at) => inA(lift(2.5), at))(x)
      .dataSync()[0];
    const expected = richardson((at) => ops.scalar.gammaincGradA(2.5, at), 1.3);
    expectClose(mixed, expected, { rel: 1e-9 });
  });
  it('by a shape parameter twice is an error that says so', () => {
    const twice = (): tf.Tensor => tf.grad((a) => tf.grad((v) => ops.gammainc(v, 1.3))(a))(lift(2.5));
    expect(twice).toThrow(/no derivative by 'a'.*\n.*Fix:/);
  });
});

const values = (t: tf.Tensor): number[] => [...toNdArray(t).data];
const gradAt = (f: (x: tf.Tensor) => tf.Tensor, x: number): number =>
  values(tf.grad((t) => tf.sum(f(t)))(lift(x)))[0];

describe('derivatives where formulas break', () => {
  it('log Φ has derivative −x far left, to 1e-15, and φ(x) far right, to 1e-14', () => {
    expectClose(gradAt(ops.logNdtr, -1e10), 1e10, { rel: 1e-15 });
    expectClose(gradAt(ops.logNdtr, -1e150), 1e150, { rel: 1e-15 });
    expectClose(gradAt(ops.logNdtr, -40), 40.02496884720726, { rel: 1e-15 });
    expectClose(gradAt(ops.logNdtr, 10), Math.exp(-50) / Math.sqrt(2 * Math.PI), { rel: 1e-14 });
    expect(gradAt(ops.logNdtr, 50)).toBe(0);
  });
  it('xlogy and xlog1py have derivatives 0 at 0 log 0, and log y and x/y elsewhere', () => {
    const both = (f: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor, x: number, y: number): number[] =>
      tf
        .grads((a, b) => f(a, b))([lift(x), lift(y)])
        .flatMap(values);
    expect(both(ops.xlogy, 0, 0)).toEqual([0, 0]);
    expect(both(ops.xlogy, 0, 2)).toEqual([Math.log(2), 0]);
    expect(both(ops.xlogy, 3, 2)).toEqual([Math.log(2), 1.5]);
    expect(both(ops.xlog1py, 0, -1)).toEqual([0, 0]);
    expect(both(ops.xlog1py, 3, 1)).toEqual([Math.log1p(1), 1.5]);
  });
  it('logaddexp shares: ½ each at a tie, 0 where both are −∞, all to the infinite one', () => {
    const both = (a: number, b: number): number[] =>
      tf
        .grads((x, y) => ops.logaddexp(x, y))([lift(a), lift(b)])
        .flatMap(values);
    expect(both(2, 2)).toEqual([0.5, 0.5]);
    expect(both(-Infinity, -Infinity)).toEqual([0, 0]);
    expect(both(Infinity, Infinity)).toEqual([0.5, 0.5]);
    expect(both(Infinity, 3)).toEqual([1, 0]);
    expect(both(-Infinity, 3)).toEqual([0, 1]);
    expect(both(1000, -1000)).toEqual([1, 0]);
  });
  it('Bessel functions are smooth through 0', () => {
    expect(gradAt(ops.i1e, 0)).toBe(0.5);
    expect(gradAt(ops.besselRatio, 0)).toBe(0.5);
    expect(gradAt(ops.logI0, 0)).toBe(0);
  });
  it('log1mexp takes either sign', () => {
    expectClose(gradAt(ops.log1mexp, -1), -gradAt(ops.log1mexp, 1), { rel: 0 });
    expectClose(gradAt(ops.log1mexp, 1), 1 / Math.expm1(1), { ulp: 1 });
  });
  it('special functions are the scalars, on tensors of any kind', () => {
    expect(values(ops.lgamma([0.5, 3]))).toEqual([ops.scalar.lgamma(0.5), ops.scalar.lgamma(3)]);
    expect(values(ops.lgamma(lift([4], 'int32')))).toEqual([ops.scalar.lgamma(4)]);
    expect(values(ops.mvlgamma(5, 3))[0]).toBeCloseTo(ops.scalar.mvlgamma(5, 3), 13);
    expect(values(ops.trigamma(2))).toEqual([ops.scalar.trigamma(2)]);
    expect(values(ops.logSigmoid([-800, 800]))).toEqual([-800, -0]);
    expect(() => ops.polygamma(1.5, 2)).toThrow('non-negative integer');
  });
});

describe('logsumexp', () => {
  const run = (x: number[]): [number[], number[]] => [
    values(ops.logsumexp(x)),
    values(tf.grad((t) => ops.logsumexp(t))(lift(x))),
  ];
  it('is the softmax in its derivative, without overflow', () => {
    const [value, gradient] = run([1000, 1001]);
    expectClose(value, [1001 + Math.log1p(Math.exp(-1))], { ulp: 1 });
    expectClose(gradient, [1 / (1 + Math.E), 1 / (1 + Math.exp(-1))], { rel: 1e-13 });
  });
  it('of −∞ alone is −∞ with gradient 0; a masked term has gradient 0', () => {
    expect(run([-Infinity, -Infinity])).toEqual([[-Infinity], [0, 0]]);
    expect(run([-Infinity, 2])).toEqual([[2], [0, 1]]);
  });
  it('of ∞ is ∞, shared by the infinite terms', () => {
    expect(run([Infinity, 1])).toEqual([[Infinity], [1, 0]]);
    expect(run([Infinity, Infinity])).toEqual([[Infinity], [0.5, 0.5]]);
  });
  it('of NaN is NaN, in the gradient too', () => expect(run([NaN, 1])).toEqual([[NaN], [NaN, NaN]]));
  it('reduces the axes it is given', () => {
    const x = lift([
      [0, Math.log(3)],
      [Math.log(2), 0],
    ]);
    expectClose(values(ops.logsumexp(x, 1)), [Math.log(4), Math.log(3)]);
    expect(ops.logsumexp(x, [0], true).shape).toEqual([1, 2]);
    expect(ops.logsumexp(x, -1).shape).toEqual([2]);
    expect(ops.logsumexp(x, [0, 1]).shape).toEqual([]);
    expectClose(values(ops.logsumexp(x)), [Math.log(7)]);
  });
  it('has second derivatives, also next to a masked term', () => {
    const softmax = (t: tf.Tensor): tf.Tensor => tf.grad((u) => ops.logsumexp(u))(t);
    const row = (x: number[]): number[] =>
      values(tf.grad((t) => tf.sum(tf.mul(softmax(t), lift([1, 0]))))(lift(x)));
    const w = 1 / (1 + Math.E);
    expectClose(row([1, 2]), [w * (1 - w), -w * (1 - w)], { rel: 1e-13 });
    expect(row([-Infinity, 2])).toEqual([0, 0]);
  });
});

describe('logExcess', () => {
  it('has the derivative x/(1 + x), and the next, as a function of x with y = 1 + x', () => {
    const f = (x: tf.Tensor): tf.Scalar => tf.sum(ops.logExcess(x, tf.add(x, 1)));
    const x = [-0.9, -0.2, 0.01, 3];
    const slope = (t: tf.Tensor): tf.Tensor => tf.grad(f)(t);
    expectClose(
      slope(lift(x)).dataSync(),
      x.map((v) => v / (1 + v)),
      { rel: 1e-15 },
    );
    const second = tf
      .grad((t) => tf.sum<tf.Scalar>(slope(t)))(lift(x))
      .dataSync();
    expectClose(
      second,
      x.map((v) => 1 / (1 + v) ** 2),
      { rel: 1e-14 },
    );
  });
});
