import { foldIn, keyFromSeed, lift, tf, toNdArray } from '@pyro-ts/ops';
import { expectClose, expectDistribution, expectMean } from '@pyro-ts/testing';
import { Beta, Dirichlet, LKJCholesky, MultivariateNormal, Normal, type Distribution } from '..';

const N = 2500;
const root = keyFromSeed('multivariate samples');
const draws = (d: Distribution): number[] =>
  tf.tidy(() => Array.from(toNdArray(d.sample([N], { key: foldIn(root, String(d)) })).data));
const column = (x: readonly number[], width: number, i: number): number[] =>
  Array.from({ length: N }, (_, row) => x[row * width + i]);

/** Distribution functions evaluated at all draws at once. */
function expectLaw(x: readonly number[], d: Distribution): void {
  const u = tf.tidy(() => Array.from(d.cdf(lift(Float64Array.from(x))).dataSync()));
  expectDistribution(u, (v) => v);
}

describe('Dirichlet sampler', () => {
  it.each([[[2, 3, 0.5]], [[0.05, 0.1, 0.2]], [[300, 100, 600]]])(
    '%j has Beta margins (Kolmogorov–Smirnov, false alarm 1e-6)',
    (a) => {
      const x = draws(Dirichlet(a));
      const total = a.reduce((s, v) => s + v);
      a.forEach((v, i) => expectLaw(column(x, 3, i), Beta(v, total - v)));
    },
  );

  it('stays on the simplex for concentrations of 1e-4', () => {
    const x = draws(Dirichlet([1e-4, 1e-4]));
    for (let i = 0; i < N; i++) expectClose(x[2 * i] + x[2 * i + 1], 1, { ulp: 2 });
  });
});

describe('MultivariateNormal', () => {
  const covariance = [
    [2, 0.6, -0.4],
    [0.6, 1, 0.3],
    [-0.4, 0.3, 0.5],
  ];
  const loc = [1, -2, 0.5];
  const byCovariance = MultivariateNormal({ loc, covarianceMatrix: covariance });
  const precision = toNdArray(byCovariance.precisionMatrix);
  const byPrecision = MultivariateNormal({ loc, precisionMatrix: precision });

  it.each([
    ['covariance', byCovariance],
    ['precision', byPrecision],
  ])('draws have normal margins and the covariances stated, given by %s', (_, d) => {
    const x = draws(d);
    for (let i = 0; i < 3; i++) {
      const xi = column(x, 3, i);
      expectLaw(xi, Normal(loc[i], Math.sqrt(covariance[i][i])));
      for (let j = 0; j < i; j++) {
        const product = column(x, 3, j).map((v, row) => (v - loc[j]) * (xi[row] - loc[i]));
        const sd = Math.sqrt(covariance[i][i] * covariance[j][j] + covariance[i][j] ** 2);
        expectMean(product, covariance[i][j], sd);
      }
    }
  });

  it('gives the same density, moments and draws by covariance, precision and Cholesky factor', () => {
    const byFactor = MultivariateNormal({ loc, scaleTril: toNdArray(byCovariance.scaleTril) });
    const x = [
      [0.3, 0.1, 1],
      [5, -4, 2],
    ];
    for (const d of [byPrecision, byFactor]) {
      expectClose(d.logProb(x).dataSync(), byCovariance.logProb(x).dataSync(), { rel: 1e-13 });
      expectClose(d.variance.dataSync(), byCovariance.variance.dataSync(), { rel: 1e-13 });
      expectClose(d.entropy().dataSync(), byCovariance.entropy().dataSync(), { rel: 1e-13 });
      expectClose(d.covarianceMatrix.dataSync(), covariance, { rel: 1e-13 });
      const key = foldIn(root, 'same');
      expectClose(d.sample([2], { key }).dataSync(), byCovariance.sample([2], { key }).dataSync(), {
        rel: 1e-12,
      });
    }
  });

  it('has log density −∞ at infinity, in whatever coordinate, and NaN at NaN', () => {
    const x = [
      [Infinity, 0, 0],
      [1, -Infinity, Infinity],
      [NaN, Infinity, 0],
      [0, 0, 0],
    ];
    const [a, b, c, d] = byCovariance.withValidateArgs(false).logProb(x).dataSync();
    expect([a, b, c, Number.isFinite(d)]).toEqual([-Infinity, -Infinity, NaN, true]);
  });

  it('refuses a matrix of another size than its location', () => {
    expect(() =>
      MultivariateNormal({
        loc: [0, 0, 0],
        covarianceMatrix: covariance.slice(0, 2).map((r) => r.slice(0, 2)),
      }),
    ).toThrow(/'loc' has 3 elements, but 'covarianceMatrix' is 2 × 2/);
  });

  it('broadcasts values, locations and factors of different batch shapes', () => {
    const scaleTril = [
      [
        [1, 0],
        [0.5, 2],
      ],
      [
        [3, 0],
        [-1, 1],
      ],
    ];
    const d = MultivariateNormal({ loc: [[[0, 1]], [[2, 3]], [[4, 5]]], scaleTril });
    expect(d.batchShape).toEqual([3, 2]);
    const value = tf.reshape(lift(Float64Array.from({ length: 24 }, (_, i) => Math.sin(i))), [2, 3, 2, 2]);
    const all = d.logProb(value);
    expect(all.shape).toEqual([2, 3, 2]);
    const one = MultivariateNormal({ loc: [4, 5], scaleTril: scaleTril[1] }).logProb([
      [Math.sin(10), Math.sin(11)],
      [Math.sin(22), Math.sin(23)],
    ]);
    expectClose([all.dataSync()[5], all.dataSync()[11]], one.dataSync(), { rel: 1e-13 });
  });

  it('has pathwise gradients: of Σ w·x in loc they are w, in the factor w zᵀ', () => {
    const key = foldIn(root, 'path');
    const [ofLoc, ofFactor] = tf.grads((l: tf.Tensor, t: tf.Tensor) =>
      tf.sum(tf.mul(MultivariateNormal({ loc: l, scaleTril: t }).rsample([], { key }), lift([1, 2]))),
    )([
      lift([0, 0]),
      lift([
        [1, 0],
        [0.5, 2],
      ]),
    ]);
    const z = MultivariateNormal({
      loc: [0, 0],
      scaleTril: [
        [1, 0],
        [0, 1],
      ],
    })
      .sample([], { key })
      .dataSync();
    expectClose(ofLoc.dataSync(), [1, 2]);
    const g = ofFactor.dataSync();
    expectClose([g[0], g[2], g[3]], [z[0], 2 * z[0], 2 * z[1]]);
  });
});

describe('LKJCholesky', () => {
  it.each([
    [2, 1],
    [4, 0.6],
    [4, 3],
  ])(
    'dim %d, concentration %d: every correlation is 2 Beta(b, b) − 1, b = η + d/2 − 1 (false alarm 1e-6)',
    (dim, eta) => {
      const l = draws(LKJCholesky(dim, eta));
      const b = eta + dim / 2 - 1;
      for (let i = 1; i < dim; i++) {
        for (let j = 0; j < i; j++) {
          const correlation = Array.from({ length: N }, (_, row) => {
            let sum = 0;
            for (let k = 0; k <= j; k++) sum += l[(row * dim + i) * dim + k] * l[(row * dim + j) * dim + k];
            return (sum + 1) / 2;
          });
          expectLaw(correlation, Beta(b, b));
        }
      }
    },
  );

  it('refuses a dim that is no matrix size', () => {
    expect(() => LKJCholesky(1, 1)).toThrow(/integer ≥ 2, got 1/);
  });

  it('draws rows of unit length with a positive diagonal', () => {
    const d = LKJCholesky({ dim: 5, concentration: 0.3 });
    const x = d.sample([50], { key: root });
    expectClose(tf.sum(tf.square(x), -1).dataSync(), new Array(250).fill(1), { abs: 1e-14 });
    expect(Array.from(d.support.check(x).dataSync()).every((ok) => ok === 1)).toBe(true);
  });

  it('integrates to one: the density of the only free entry in two dimensions', () => {
    const n = 2000;
    const r = Array.from({ length: n }, (_, i) => -1 + (2 * (i + 0.5)) / n);
    const values = r.map((v) => [
      [1, 0],
      [v, Math.sqrt(1 - v * v)],
    ]);
    const mass = tf.tidy(() => tf.sum(tf.exp(LKJCholesky(2, 2.5).logProb(values))).dataSync()[0]);
    expectClose(mass * (2 / n), 1, { abs: 1e-6 });
  });
});
