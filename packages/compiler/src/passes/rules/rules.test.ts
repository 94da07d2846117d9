import { lift, tf } from '@pyro-ts/ops';
import { expectClose } from '@pyro-ts/testing';
import { toText } from '../../graph/print';
import { verify } from '../../graph/verify';
import { interpret } from '../../reference/executor';
import { trace } from '../../trace/trace';
import { optimize } from '../optimize';

type Fn = (...inputs: tf.Tensor[]) => tf.Tensor | tf.Tensor[];

/** Optimises, checks every pass, compares values at some numbers, and returns the kernels that are left. */
function kernels(fn: Fn, shapes: readonly (readonly number[])[], rel = 1e-14): string[] {
  const specs = shapes.map((shape, i) => ({ name: 'xyz'[i], shape, dtype: 'float32' as const }));
  const raw = verify(trace((inputs) => [fn(...inputs)].flat(), specs));
  const graph = optimize(raw, { afterPass: (_name, g) => verify(g) });
  const inputs = shapes.map((shape, k) =>
    Float64Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => Math.sin(3 * i + k + 1)),
  );
  const expected = interpret(raw, inputs);
  interpret(graph, inputs).forEach((output, i) => expectClose(output, expected[i], { rel }));
  return graph.nodes.map((node) => node.kernel);
}

/** Values of an optimised function of one scalar. */
function values(fn: Fn, points: readonly number[]): number[] {
  const graph = optimize(
    trace((inputs) => [fn(...inputs)].flat(), [{ name: 'x', shape: [], dtype: 'float32' }]),
  );
  return points.map((x) => interpret(graph, [Float64Array.of(x)])[0][0]);
}

const v = [20];

describe('selects', () => {
  it('whose condition is known are one of their branches', () => {
    const inside = lift([1, 2, 3]).greater(0);
    expect(kernels((x) => tf.where(inside, x, tf.fill([3], NaN)), [[3]])).toEqual([]);
    expect(kernels((x) => tf.where(tf.fill([3], 0).greater(1), x, x.exp()), [[3]])).toEqual(['Exp']);
  });

  it('keep the shape that the condition gives them', () => {
    expect(kernels((x) => tf.where(lift([true, true]), x.sum(), lift(0)), [[3]])).toEqual([
      'Sum',
      'BroadcastTo',
    ]);
  });

  it('of equal branches are that branch; nested ones on one condition are one', () => {
    expect(kernels((x) => tf.where(x.greater(0), x, x), [[3]])).toEqual([]);
    expect(kernels((x) => tf.where(x.greater(0), lift(2), tf.fill([3], 2)), [[3]])).toEqual([]);
    const nested: Fn = (x) => tf.where(x.greater(0), tf.where(x.greater(0), x.exp(), x), x.sin());
    expect(kernels(nested, [[3]])).toEqual(['Greater', 'Exp', 'Sin', 'Select']);
  });
});

describe('repeated values', () => {
  it('are computed with once', () => {
    const fn: Fn = (x) =>
      tf
        .broadcastTo(x.exp(), [50])
        .mul(tf.fill([50], 3))
        .log1p();
    expect(kernels(fn, [[1]])).toEqual(['Exp', 'Multiply', 'Log1p', 'BroadcastTo']);
  });

  it('are summed by a product', () => {
    expect(kernels((x) => tf.broadcastTo(x, [1000]).sum(), [[]])).toEqual(['Multiply']);
    expect(kernels((x) => tf.broadcastTo(x, [7, 3]).sum(0), [[3]])).toEqual(['Multiply']);
    expect(kernels((x) => tf.broadcastTo(x, [7, 3]).sum([0, 1], true), [[3]])).toContain('Sum');
    expect(kernels((x) => tf.broadcastTo(x, [5, 7, 3]).sum(1), [[7, 1]])).toEqual(
      expect.arrayContaining(['Sum', 'BroadcastTo']),
    );
  });

  it('index once, and scatter once', () => {
    const gather: Fn = (x) => {
      const indices = tf.broadcastTo(lift([[2], [0]], 'int32'), [2, 30]);
      return tf.gather(x as tf.Tensor1D, indices as tf.Tensor2D);
    };
    expect(kernels(gather, [[3]])).toEqual(['GatherV2', 'BroadcastTo']);
    const scatter: Fn = (x, y) => tf.grad((t) => tf.sum(tf.mul(gather(t) as tf.Tensor, y)))(x);
    const left = kernels(scatter, [[3], [2, 30]]);
    expect(left[0]).toBe('Sum');
    expect(left).toContain('GatherV2Grad');
  });
});

describe('divisions', () => {
  it('of many numbers by one, or by data, are products', () => {
    expect(kernels((x, y) => x.div(y), [v, []])).toEqual(['Reciprocal', 'Multiply']);
    expect(kernels((x) => x.div(tf.range(1, 21)), [v])).toEqual(['Multiply']);
    expect(kernels((x, y) => x.div(y), [[3], []])).toEqual(['RealDiv']);
    expect(kernels((x, y) => x.div(y), [v, v])).toEqual(['RealDiv']);
  });

  it('stay where a step function is taken of them', () => {
    expect(kernels((x, y) => x.div(y).reshape([4, 5]).floor(), [v, []])).toContain('RealDiv');
    expect(kernels((x, y) => x.div(y).greater(1).toFloat(), [v, []])).toContain('RealDiv');
    expect(kernels((x) => x.mul(0.1).mul(3).floor(), [v])).toEqual(['Multiply', 'Multiply', 'Floor']);
  });

  it('give what they gave at 0, ∞ and NaN', () => {
    const quotients: Fn = (y) => lift([0, 1, -1, Infinity, NaN, 2, 3, 4]).div(y);
    const graph = optimize(
      trace(([y]) => [quotients(y)].flat(), [{ name: 'y', shape: [], dtype: 'float32' }]),
    );
    for (const y of [0, -0, Infinity, NaN, 1e300, 1e-300]) {
      const expected = [0, 1, -1, Infinity, NaN, 2, 3, 4].map((x) => x / y);
      expectClose(interpret(graph, [Float64Array.of(y)])[0], expected, { rel: 1e-15 });
    }
  });

  it('in the gradient of a quotient are those of the quotient', () => {
    const gradient: Fn = (x, s) => tf.grads((a, b) => tf.sum(tf.square(tf.div(a, tf.exp(b)))))([x, s]);
    const left = kernels(gradient, [v, []]);
    expect(left.filter((kernel) => kernel === 'Reciprocal')).toHaveLength(1);
    expect(left).not.toContain('Xdivy');
    expect(left).not.toContain('RealDiv');
  });

  it('by what may be zero keep 0/0 = 0 in gradients', () => {
    const gradient: Fn = (x) =>
      tf.grad((t) => tf.sum(tf.where(t.greater(0), t.log(), tf.zerosLike(t))))(x.mul(tf.ones([8])));
    expect(values((x) => (gradient(x) as tf.Tensor).sum(), [0])).toEqual([0]);
  });
});

describe('log(exp(x))', () => {
  it('is x, at −∞, ∞ and NaN too', () => {
    expect(values((x) => x.exp().log(), [0.3, -800, Infinity, -Infinity, NaN])).toEqual([
      0.3,
      -800,
      Infinity,
      -Infinity,
      NaN,
    ]);
  });
});

describe('products', () => {
  it('scale last, by one scalar', () => {
    expect(kernels((x, s) => x.neg().mul(s).mul(x.exp()).mul(-0.5), [v, []])).toEqual([
      'Exp',
      'Multiply',
      'Multiply',
      'Multiply',
    ]);
  });

  it('of equal factors are squares, which others share', () => {
    expect(kernels((x, s) => [x.square(), x.mul(s).mul(x).sum()], [v, []])).toEqual([
      'Square',
      'Sum',
      'Multiply',
    ]);
  });

  it('of few numbers stay as written', () => {
    expect(kernels((x) => x.mul(0.3).mul(0.7), [[3]])).toEqual(['Multiply', 'Multiply']);
  });

  it('keep their values when factors broadcast', () => {
    const fn: Fn = (x, y, s) => x.mul(s).div(y.exp()).mul(y).neg().mul(x);
    kernels(fn, [[40, 3], [3], []]);
    kernels(fn, [[3], [40, 3], [1]]);
    kernels(
      (x, y, s) => x.mul(s).mul(y.mul(s)),
      [
        [40, 1],
        [1, 3],
        [1, 1],
      ],
    );
  });
});

describe('sums', () => {
  it('let a scale through', () => {
    expect(kernels((x, s) => x.exp().mul(s).sum(), [v, []])).toEqual(['Exp', 'Sum', 'Multiply']);
    expect(kernels((x) => x.exp().neg().sum(), [v])).toEqual(['Exp', 'Sum', 'Neg']);
    expect(kernels((x, s) => x.exp().mul(s).sum(0), [[20, 3], [3]]).slice(0, 3)).toEqual([
      'Exp',
      'Sum',
      'Multiply',
    ]);
    expect(kernels((x, s) => x.exp().mul(s).sum(1), [[20, 3], [3]])).toEqual(['Exp', 'Multiply', 'Sum']);
  });

  it('of something rounded plus a constant add the constant once', () => {
    expect(kernels((x, c) => x.exp().sub(c).sum(), [v, []])).toEqual(['Exp', 'Sum', 'Multiply', 'Sub']);
    expect(kernels((x) => x.exp().add(tf.range(0, 20)).sum(), [v])).toEqual(['Exp', 'Sum', 'Add']);
    expect(kernels((x, c) => x.sub(c).sum(), [v, []])).toEqual(['Sub', 'Sum']);
  });

  it('that are equal are computed once, however their axes are written', () => {
    expect(kernels((x) => tf.stack([x.sum(), x.sum(0), x.sum(-1, true).reshape([])]), [v])).toEqual(
      expect.arrayContaining(['Sum']),
    );
    expect(kernels((x) => [x.sum(), x.sum(0)], [v])).toEqual(['Sum']);
  });

  it('of a transposed tensor are sums of the tensor', () => {
    expect(kernels((x) => x.exp().transpose().sum(1), [[20, 3]])).toEqual(['Exp', 'Sum']);
    expect(kernels((x) => x.exp().transpose([2, 0, 1]).sum([0]), [[2, 3, 4]])).toEqual(['Exp', 'Sum']);
    expect(kernels((x) => x.exp().transpose([1, 0, 2]).sum([2]), [[2, 3, 4]])).toContain('Transpose');
  });

  it('so do matrix products and scatters', () => {
    const matmul = kernels((x, y, s) => tf.matMul(x, y.mul(s)), [[4, 20], [20, 1], []]);
    expect(matmul).toEqual(['BatchMatMul', 'Multiply']);
    // Not where the product is the larger one.
    expect(kernels((x, y, s) => tf.matMul(x, y.mul(s)), [[200, 3], [3, 4], []])).toEqual([
      'Multiply',
      'BatchMatMul',
    ]);
  });
});

describe('integers among floats', () => {
  it('stay integers: a float times a count, its sum and its logarithm', () => {
    const counts = (x: tf.Tensor): tf.Tensor => tf.cast(x.mul(5), 'int32');
    for (const fn of [
      (x: tf.Tensor) => counts(x).mul(0.5).sum(),
      (x: tf.Tensor) => counts(x).mul(tf.scalar(2, 'int32')).add(0.5).sum(),
      (x: tf.Tensor) => counts(x).exp().log(),
      (x: tf.Tensor) => counts(x).softplus().sum(),
      (x: tf.Tensor) => counts(x).div(3).neg(),
    ]) {
      kernels(fn, [[40]]);
    }
  });
});

describe('the text of a density and its gradient', () => {
  it('has one pass over the data without divisions', () => {
    const y = tf.range(0, 100).sin();
    const density = (q: tf.Tensor): tf.Tensor => {
      const [loc, logScale] = tf.unstack(q);
      const z = tf.div(tf.sub(y, loc), tf.exp(logScale));
      return tf.sum(tf.sub(tf.mul(-0.5, tf.square(z)), tf.log(tf.exp(logScale))));
    };
    const graph = optimize(
      trace(
        ([q]) => {
          const { value, grad } = tf.valueAndGrad(density as (q: tf.Tensor) => tf.Scalar)(q);
          return [value, grad];
        },
        [{ name: 'q', shape: [2], dtype: 'float32' }],
      ),
    );
    const large = graph.nodes.filter((node) => graph.values[node.inputs[0]].shape.includes(100));
    expect([toText(graph).includes('Xdivy'), large.map((node) => node.kernel).sort()]).toEqual([
      false,
      ['Multiply', 'Square', 'Sub', 'Sum', 'Sum'],
    ]);
  });
});
