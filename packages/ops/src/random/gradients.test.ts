import { expectClose, expectMean } from '@pyro-ts/testing';
import {
  scoped,
  digamma,
  foldIn,
  gammainc,
  keyFromSeed,
  lgamma,
  lift,
  random,
  tf,
  trigamma,
  type RandomKey,
} from '..';

const root = keyFromSeed('gradients of draws');
const key = (name: string): RandomKey => foldIn(root, name);

/** Draws at n copies of a concentration, and the derivative of each in its own copy. */
function slopes(
  draw: (a: tf.Tensor) => tf.Tensor,
  a: number,
  n: number,
): { readonly draws: Float64Array; readonly derivatives: Float64Array } {
  return scoped(() => {
    const point = lift(new Float64Array(n).fill(a));
    const derivatives = tf
      .grad((x) => tf.sum(draw(x)))(point)
      .dataSync();
    return { draws: Float64Array.from(draw(point).dataSync()), derivatives: Float64Array.from(derivatives) };
  });
}

describe('gradients of gamma draws', () => {
  it.each([0.3, 1, 4.5, 60])(
    'move each draw along its quantile, concentration %d: dx/da = −(∂P/∂a) / p(x)',
    (a) => {
      const { draws, derivatives } = slopes((x) => random.gamma(key('gamma'), x), a, 200);
      const h = 1e-4 * a;
      tf.tidy(() => {
        const at = (shift: number): tf.Tensor => gammainc(a + shift, draws);
        const near = tf.mul(8, tf.sub(at(h), at(-h)));
        const slope = tf.div(tf.sub(near, tf.sub(at(2 * h), at(-2 * h))), 12 * h);
        const x = lift(draws);
        const logDensity = tf.sub(tf.sub(tf.mul(a - 1, tf.log(x)), x), lgamma(a));
        const expected = tf.neg(tf.div(slope, tf.exp(logDensity)));
        expectClose(derivatives, expected.dataSync(), { rel: 1e-7, abs: 1e-8 });
      });
    },
  );

  it('are those of the logarithm times the draw', () => {
    const plain = slopes((x) => random.gamma(key('both'), x), 2.5, 50);
    const log = slopes((x) => random.logGamma(key('both'), x), 2.5, 50);
    const product = log.derivatives.map((g, i) => g * plain.draws[i]);
    expectClose(product, plain.derivatives, { rel: 1e-13 });
  });

  it.each([1e-150, 1e-8, 1e-3, 0.02])(
    'in log space, concentration %d: (ψ(a + 1) − log x)/a far down, finite everywhere',
    (a) => {
      const { draws, derivatives } = slopes((x) => random.logGamma(key('tiny'), x), a, 500);
      const constant = tf.tidy(() => digamma(a + 1).dataSync()[0]);
      draws.forEach((logX, i) => {
        expect(Number.isFinite(derivatives[i])).toBe(true);
        if (logX < -36) expectClose(derivatives[i], (constant - logX) / a, { rel: 1e-13 });
      });
    },
  );

  it('agree on both sides of the switch at log x = −40, where the exact form still holds', () => {
    // Draws just above it take the general derivative, which must equal the limit form to rounding.
    const { draws, derivatives } = slopes((x) => random.logGamma(key('switch'), x), 0.05, 4000);
    const constant = tf.tidy(() => digamma(1.05).dataSync()[0]);
    const near = Array.from(draws.keys()).filter((i) => draws[i] > -40 && draws[i] < -34);
    expect(near.length).toBeGreaterThan(50);
    for (const i of near) expectClose(derivatives[i], (constant - draws[i]) / 0.05, { rel: 1e-13 });
  });

  it.each([1e4, 1e10])('tend to the normal limit for concentration %d: dx/da → 1 + z/(2√a)', (a) => {
    const { draws, derivatives } = slopes((x) => random.gamma(key('huge'), x), a, 200);
    draws.forEach((x, i) => {
      const z = (x - a) / Math.sqrt(a);
      // The next term is of the order of (1 + z²)/a.
      expect(Math.abs(derivatives[i] - 1 - z / (2 * Math.sqrt(a)))).toBeLessThan(
        (3 * (1 + z * z)) / a + 1e-10,
      );
    });
  });

  it.each([1e-5, 0.01, 0.7, 30])(
    'average to d/da E[log x] = ψ′(a), concentration %d (4.9 standard errors)',
    (a) => {
      const { derivatives } = slopes((x) => random.logGamma(key('mean'), x), a, 6000);
      const mean = tf.tidy(() => trigamma(a).dataSync()[0]);
      const sd = Math.sqrt(derivatives.reduce((sum, g) => sum + (g - mean) ** 2, 0) / derivatives.length);
      expectMean(derivatives, mean, sd);
    },
  );

  it('are zero, not NaN, where the draw itself underflowed to 0', () => {
    const { draws, derivatives } = slopes((x) => random.gamma(key('under'), x), 1e-4, 100);
    expect(draws.some((x) => x === 0)).toBe(true);
    expect(Array.from(derivatives).every(Number.isFinite)).toBe(true);
  });

  it('sum over the elements that share a concentration', () => {
    tf.tidy(() => {
      const one = tf
        .grad((a) => tf.sum(random.gamma(key('shared'), a, [7])))(lift(1.3))
        .dataSync()[0];
      const each = slopes((a) => random.gamma(key('shared'), a), 1.3, 7).derivatives;
      expectClose(
        one,
        each.reduce((s, g) => s + g, 0),
        { rel: 1e-14 },
      );
    });
  });
});

describe('gradients of Beta and Dirichlet draws', () => {
  it.each([
    [0.4, 2],
    [1e-3, 1e-3],
    [500, 300],
  ])('Beta(%d, %d): average to the derivatives of the mean, b/(a + b)² and −a/(a + b)²', (a, b) => {
    const n = 6000;
    tf.tidy(() => {
      const [da, db] = tf.grads((x: tf.Tensor, y: tf.Tensor) => tf.sum(random.beta(key('beta'), x, y)))([
        lift(new Float64Array(n).fill(a)),
        lift(new Float64Array(n).fill(b)),
      ]);
      const check = (g: tf.Tensor, mean: number): void => {
        const values = Array.from(g.dataSync());
        const sd = Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / n);
        expectMean(values, mean, sd);
      };
      check(da, b / (a + b) ** 2);
      check(db, -a / (a + b) ** 2);
    });
  });

  it('Dirichlet: average to the Jacobian of the mean a/A', () => {
    const n = 4000;
    const a = [0.3, 2, 5];
    const total = 7.3;
    tf.tidy(() => {
      const point = tf.broadcastTo(lift(a), [n, 3]);
      a.forEach((_, i) => {
        const first = (x: tf.Tensor): tf.Tensor =>
          tf.slice(random.dirichlet(key('dirichlet'), x), [0, i], [n, 1]);
        const g = Array.from(
          tf
            .grad((x) => tf.sum(first(x)))(point)
            .dataSync(),
        );
        a.forEach((_a, j) => {
          const column = g.filter((_g, k) => k % 3 === j);
          const mean = ((i === j ? 1 : 0) - a[i] / total) / total;
          const sd = Math.sqrt(column.reduce((sum, v) => sum + (v - mean) ** 2, 0) / n);
          expectMean(column, mean, sd);
        });
      });
    });
  });
});

describe('gradients of other draws', () => {
  it('are zero in the rate of counts', () => {
    const count = (rate: tf.Tensor): tf.Tensor =>
      tf.sum(tf.cast(random.poisson(key('count'), rate, [5]), 'float32'));
    expectClose(tf.grad(count)(lift(3)).dataSync(), [0]);
  });
});
