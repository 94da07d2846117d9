import { lift, logsumexp, softplus, tf } from '@pyro-ts/ops';
import { expectClose } from '@pyro-ts/testing';
import { verify } from '../graph/verify';
import { interpret } from '../reference/executor';
import { trace } from '../trace/trace';
import { wasmExecutor } from '../wasm/executor';
import { optimize } from './optimize';

type Fn = (x: tf.Tensor) => tf.Tensor | tf.Tensor[];

function both(fn: Fn, x: Float64Array, shape: readonly number[] = [x.length]) {
  const raw = verify(trace(([t]) => [fn(t)].flat(), [{ name: 'x', shape, dtype: 'float32' }]));
  const graph = optimize(raw, { afterPass: (_name, g) => verify(g) });
  return {
    graph,
    kernels: graph.nodes.map((n) => n.kernel),
    actual: interpret(graph, [x]),
    expected: interpret(raw, [x]),
  };
}

const spread = (n: number, scale: number): Float64Array =>
  Float64Array.from({ length: n }, (_, i) => scale * Math.sin(7 * i + 1));

const total: Fn = (x) => tf.sum(softplus(x));

describe('sums of softplus', () => {
  it.each([32, 999, 1000, 1001, 2500])('of %i terms take few logarithms and agree to 1e-15', (n) => {
    for (const scale of [1e-9, 1, 30, 1000]) {
      const { kernels, actual, expected } = both(total, spread(n, scale));
      expect(kernels).not.toContain('Softplus');
      expect(kernels).toContain('Prod1p');
      expectClose(actual[0], expected[0], { rel: 1e-15 });
    }
  });

  it('keep what is tiny: terms far below an ulp of one', () => {
    const x = new Float64Array(100).fill(-45);
    const { actual } = both(total, x);
    expectClose(actual[0], [100 * Math.log1p(Math.exp(-45))], { rel: 1e-14 });
  });

  it('stay finite in float32, whose range is 2^128', () => {
    const n = 1000;
    const { graph } = both(total, new Float64Array(n));
    const program = wasmExecutor.compile(graph, { precision: 'float32' });
    expectClose(program.run([new Float64Array(n)])[0], [n * Math.LN2], { rel: 32 * 2 ** -24 });
    program.dispose();
  });

  it('share their exponential with the sigmoids of the gradient', () => {
    const gradient: Fn = (x) => {
      const { value, grad } = tf.valueAndGrad((t: tf.Tensor) => tf.sum<tf.Scalar>(softplus(t)))(x);
      return [value, grad];
    };
    const { kernels, actual, expected } = both(gradient, spread(300, 5));
    expect([kernels.filter((k) => k === 'Exp'), kernels.includes('Sigmoid')]).toEqual([['Exp'], false]);
    actual.forEach((output, i) => expectClose(output, expected[i], { rel: 1e-15 }));
  });

  it('are infinite or NaN where they were', () => {
    for (const special of [Infinity, -Infinity, NaN, -0]) {
      const x = spread(64, 3);
      x[5] = special;
      const { actual, expected } = both(total, x);
      expectClose(actual[0], expected[0], { rel: 1e-15 });
    }
  });

  it('share the exponential with sigmoids of the same argument, as soon as it is known to be the same', () => {
    const signs = (): tf.Tensor => lift(Array.from({ length: 64 }, (_, i) => (i % 3 === 0 ? 1 : -1)));
    const { kernels, actual, expected } = both(
      (x) => {
        const eta = x.mul(signs());
        return [softplus(eta).sum(), tf.sigmoid(x.mul(signs()))];
      },
      spread(64, 3),
    );
    expect(kernels).not.toContain('Sigmoid');
    expect(kernels.filter((kernel) => kernel === 'Exp')).toHaveLength(1);
    actual.forEach((own, i) => expectClose(own, expected[i], { rel: 1e-14 }));
    const alone = both((x) => [x.abs().neg().exp(), tf.sigmoid(x)], spread(64, 3));
    expect(alone.kernels).not.toContain('Sigmoid');
    alone.actual.forEach((own, i) => expectClose(own, alone.expected[i], { rel: 1e-15 }));
  });

  it('stay where the terms are needed one by one, or are few', () => {
    expect(both((x) => [softplus(x).sum(), softplus(x)], spread(64, 1)).kernels).toContain('Softplus');
    expect(both(total, spread(31, 1)).kernels).toContain('Softplus');
  });
});

const logarithms: Readonly<Record<string, Fn>> = {
  'log1p(x²)': (x) => tf.sum(tf.log1p(tf.square(x))),
  'log(1 + x²)': (x) => tf.sum(tf.log(tf.add(1, tf.square(x)))),
  'log(3 + x²)': (x) => tf.sum(tf.log(tf.add(3, tf.square(x)))),
  '−log(x² + 1e-3) + x': (x) => tf.sum(tf.add(tf.neg(tf.log(tf.add(tf.square(x), 1e-3))), x)),
  'x − log1p(x²)': (x) => tf.sum(tf.sub(x, tf.log1p(tf.square(x)))),
};

describe.each(Object.entries(logarithms))('sums of %s', (name, fn) => {
  it.each([32, 120, 121, 1000])('of %i terms take few logarithms and agree to 4e-15 Σ|terms|', (n) => {
    for (const scale of [1e-9, 1e-3, 1, 30, 1e150]) {
      const x = spread(n, scale);
      const { kernels, actual, expected } = both(fn, x);
      expect([kernels.includes('Prod1p'), kernels.includes('LogExponent')]).toEqual([true, true]);
      const terms = x.map(
        (v) =>
          (name.includes('1 + x²') ? 1 : 0) +
          Math.log1p(v * v) +
          Math.abs(v) +
          (name.includes('e-3') ? 7 : 0),
      );
      const abs = 4e-15 * terms.reduce((a, b) => a + b, name.includes('log1p') ? 0 : n);
      expectClose(actual[0], expected[0], { abs });
    }
  });

  it('are infinite or NaN where they were', () => {
    for (const special of [Infinity, -Infinity, NaN, 1e200, 1e-200]) {
      const x = spread(64, 3);
      x[5] = special;
      const { actual, expected } = both(fn, x);
      expectClose(actual[0], expected[0], { rel: 1e-14 });
    }
  });

  it('are the same in wasm, in both precisions', () => {
    const x = spread(300, 3);
    const { graph, expected } = both(fn, x);
    for (const [precision, rel] of [
      ['float64', 1e-13],
      ['float32', 1e-4],
    ] as const) {
      const program = wasmExecutor.compile(graph, { precision });
      expectClose(program.run([x])[0], expected[0], { rel });
      program.dispose();
    }
  });
});

describe('sums of logarithms', () => {
  it('keep what is tiny: log1p of terms far below an ulp of one', () => {
    const { actual } = both((x) => tf.sum(tf.log1p(tf.square(x))), new Float64Array(500).fill(1e-12));
    expectClose(actual[0], [500e-24], { rel: 1e-14 });
  });

  it('are found behind factors and shifts that are the same for all terms', () => {
    const fn: Fn = (x) => {
      const [s] = tf.split(x, [1, x.size - 1]);
      const terms = tf.mul(tf.log1p(tf.square(x)), tf.sum(s));
      return tf.sum(tf.sub(tf.add(terms, tf.sum(tf.exp(s))), tf.sum(s)));
    };
    const { kernels, actual, expected } = both(fn, spread(200, 2));
    expect([kernels.includes('Log1p'), kernels.includes('Prod1p')]).toEqual([true, true]);
    expect(kernels.filter((kernel) => kernel === 'LogExponent')).toEqual(['LogExponent']);
    expectClose(actual[0], expected[0], { rel: 1e-13 });
  });

  it('stay where the argument may be negative, or is given and not rounded', () => {
    expect(both((x) => tf.sum(tf.log1p(x)), spread(64, 0.5)).kernels).toContain('Log1p');
    expect(both((x) => tf.sum(tf.log(x)), spread(64, 0.5)).kernels).toEqual(['Log', 'Sum']);
  });

  it('are NaN where an argument is negative, and −∞ where it is 0', () => {
    const fn: Fn = (x) => tf.sum(tf.log(tf.sub(x, 1)));
    for (const special of [0, 1]) {
      const x = new Float64Array(64).fill(3);
      x[7] = special;
      const { kernels, actual, expected } = both(fn, x);
      expect(kernels).toContain('LogExponent');
      expectClose(actual[0], expected[0]);
    }
  });
});

describe('sums of logsumexp', () => {
  const rows: Fn = (x) => tf.sum(logsumexp(x, 1));

  it('take one logarithm for hundreds of rows', () => {
    for (const [n, k] of [
      [700, 3],
      [2000, 2],
      [40, 50],
    ]) {
      const { kernels, actual, expected } = both(rows, spread(n * k, 20), [n, k]);
      expect(kernels).toContain('Prod');
      expectClose(actual[0], expected[0], { rel: 1e-15 });
    }
  });

  it('are −∞, ∞ or NaN where they were', () => {
    for (const special of [
      [-Infinity, -Infinity],
      [Infinity, 1],
      [Infinity, Infinity],
      [NaN, 0],
    ]) {
      const x = spread(128, 3);
      x.set(special, 8);
      const { actual, expected } = both(rows, x, [64, 2]);
      expectClose(actual[0], expected[0], { rel: 1e-15 });
    }
  });
});
