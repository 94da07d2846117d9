import { foldIn, keyFromSeed, lift, tf, toNdArray } from '@pyro-ts/ops';
import { expectClose, expectCounts, expectMean } from '@pyro-ts/testing';
import {
  Bernoulli,
  BetaBinomial,
  Binomial,
  Categorical,
  DirichletMultinomial,
  DiscreteUniform,
  GammaPoisson,
  Geometric,
  Multinomial,
  NegativeBinomial,
  OneHotCategorical,
  OrderedLogistic,
  Poisson,
  ZeroInflatedPoisson,
  type Distribution,
} from '..';

const N = 10000;
const root = keyFromSeed('discrete samples');
const draws = (d: Distribution, n = N): number[] =>
  tf.tidy(() => {
    const value = d.sample([n], { key: foldIn(root, String(d)) });
    expect(value.dtype).toBe('int32');
    return Array.from(toNdArray(value).data);
  });

/** On the integers 0 … top: draws have the probabilities of the log density (chi-square, false alarm 1e-6). */
const onIntegers: [Distribution, number][] = [
  [Bernoulli(0.3), 1],
  [Bernoulli({ logits: 2 }), 1],
  [Binomial(12, 0.4), 12],
  [Binomial({ totalCount: 200, logits: 1 }), 200],
  [BetaBinomial(0.4, 2, 15), 15],
  [Categorical([0.1, 0, 0.6, 0.3]), 3],
  [Categorical({ logits: [0, 3, -2] }), 2],
  [DiscreteUniform(0, 6), 6],
  [GammaPoisson(2.5, 0.7), 60],
  [Geometric(0.2), 100],
  [Geometric({ logits: 2 }), 30],
  [NegativeBinomial(3.5, 0.6), 80],
  [NegativeBinomial({ totalCount: 0.2, logits: -0.5 }), 60],
  [OrderedLogistic(0.5, [-1, 0, 2]), 3],
  [Poisson(3.7), 40],
  [Poisson(80), 200],
  [ZeroInflatedPoisson({ rate: 4, gate: 0.3 }), 40],
];

describe('samplers of counts', () => {
  it.each(onIntegers.map(([d, top]) => [String(d), d, top] as const))(
    '%s draws what its log density says',
    (_, d, top) => {
      const values = lift(Int32Array.from({ length: top + 1 }, (_v, k) => k));
      const probabilities = tf.tidy(() => Array.from(tf.exp(d.logProb(values)).dataSync()));
      expectCounts(draws(d), probabilities);
    },
  );

  it('DiscreteUniform reaches both ends of a range below zero', () => {
    expectCounts(
      draws(DiscreteUniform(-3, -1)).map((v) => v + 3),
      [1 / 3, 1 / 3, 1 / 3],
    );
  });

  it('OneHotCategorical draws one-hot vectors with its probabilities', () => {
    const p = [0.2, 0.5, 0.3];
    const x = draws(OneHotCategorical(p));
    const chosen = Array.from({ length: N }, (_, i) => x.slice(3 * i, 3 * i + 3).indexOf(1));
    expectCounts(chosen, p);
    expect(x.reduce((a, b) => a + b)).toBe(N);
  });

  it.each([[Multinomial(3, [0.5, 0.2, 0.3])], [DirichletMultinomial([0.7, 2, 0.4], 3)]])(
    '%s draws each composition with its probability',
    (d) => {
      const cells: number[][] = [];
      for (let a = 0; a <= 3; a++) for (let b = 0; a + b <= 3; b++) cells.push([a, b, 3 - a - b]);
      const probabilities = tf.tidy(() => Array.from(tf.exp(d.logProb(cells)).dataSync()));
      expect(Math.abs(probabilities.reduce((a, b) => a + b) - 1)).toBeLessThan(1e-13);
      const x = draws(d);
      const found = Array.from({ length: N }, (_, i) =>
        cells.findIndex((c) => c[0] === x[3 * i] && c[1] === x[3 * i + 1]),
      );
      expectCounts(found, probabilities);
    },
  );

  it('draws fresh values along expanded and broadcast batch dims', () => {
    const x = draws(Poisson([5, 50]).expand([2000, 2]), 1);
    const first = x.filter((_, i) => i % 2 === 0);
    expectMean(first, 5, Math.sqrt(5));
    expect(new Set(first).size).toBeGreaterThan(10);
  });
});

describe('enumerated supports', () => {
  it.each([
    [Bernoulli(0.3)],
    [Binomial(4, 0.3)],
    [BetaBinomial(0.4, 2, 5)],
    [Categorical([0.1, 0.2, 0.7])],
    [DiscreteUniform(-2, 4)],
    [OneHotCategorical([0.1, 0.2, 0.7])],
    [OrderedLogistic(0.5, [-1, 0, 2])],
  ])('%s: probabilities of all values sum to one, and moments and entropy are their sums', (d) => {
    tf.tidy(() => {
      const values = d.enumerateSupport();
      expect(values.dtype).toBe('int32');
      const log = d.logProb(values);
      const mass = tf.exp(log);
      expect(Math.abs(tf.sum(mass).dataSync()[0] - 1)).toBeLessThan(1e-14);
      const isScalar = d.eventDim === 0;
      if (isScalar && !['Categorical', 'OrderedLogistic'].includes(d.family)) {
        const mean = tf.sum(tf.mul(mass, values));
        const variance = tf.sum(tf.mul(mass, tf.square(tf.sub(values, mean))));
        expect(d.mean.dataSync()[0]).toBeCloseTo(mean.dataSync()[0], 13);
        expect(d.variance.dataSync()[0]).toBeCloseTo(variance.dataSync()[0], 13);
      }
      if (d.family !== 'BetaBinomial') {
        expect(d.entropy().dataSync()[0]).toBeCloseTo(-tf.sum(tf.mul(mass, log)).dataSync()[0], 13);
      }
      const mode = isScalar && d.family !== 'BetaBinomial' && d.family !== 'DiscreteUniform';
      if (mode) expect(d.logProb(d.mode).dataSync()[0]).toBe(Math.max(...log.dataSync()));
    });
  });

  it.each([
    [Bernoulli([0.3, 0, 1])],
    [Bernoulli({ logits: [[-2], [800]] }).expand([2, 3])],
    [Binomial(4, [0.3, 0.9])],
    [
      Categorical([
        [0.1, 0.2, 0.7],
        [0, 0.5, 0.5],
      ]),
    ],
    [Categorical({ logits: [[1, 2, -Infinity]] }).expand([4, 2])],
    [DiscreteUniform(-2, 4).expand([2])],
    [OneHotCategorical([[0.1, 0.2, 0.7]])],
    [OrderedLogistic([0.5, 2], [-1, 0, 2])],
    [Bernoulli([0.3, 0.4]).mask([true, false])],
  ])('%s: supportLogProb is the log density at each value of the support', (d) => {
    tf.tidy(() => {
      const all = d.supportLogProb();
      const each = d.logProb(d.enumerateSupport());
      expect(all.shape).toEqual(each.shape);
      expectClose(all.dataSync(), each.dataSync(), { rel: 1e-14, abs: 1e-300 });
    });
  });

  it('lists one column for a batch, or the whole batch', () => {
    expect(
      Categorical([
        [0.5, 0.5],
        [0.1, 0.9],
      ]).enumerateSupport({ expand: false }).shape,
    ).toEqual([2, 1]);
    expect(Bernoulli([0.1, 0.2, 0.3]).enumerateSupport().shape).toEqual([2, 3]);
  });

  it('refuses to list Binomials with different numbers of trials', () => {
    expect(() => Binomial([3, 4], 0.5).enumerateSupport()).toThrow(
      /give all batch elements the same 'totalCount'/,
    );
  });
});

describe('log densities far out', () => {
  it('keep all digits near the mode of a count of a billion', () => {
    // k log λ − λ − log k! in 60 decimal digits
    expectClose(
      Poisson(1e9)
        .logProb(1e9 + 12345)
        .dataSync(),
      [-11.356776823164052],
      { rel: 1e-14 },
    );
  });

  it('are linear in logits beyond the underflow of probabilities', () => {
    const few = Binomial({ totalCount: 3, logits: -1000 }).logProb([0, 3]);
    expectClose(few.dataSync(), [0, -3000], { rel: 1e-15 });
    const rows = [
      [3, 0],
      [0, 3],
    ];
    const choice = Multinomial({ totalCount: 3, logits: [0, -1000] }).logProb(rows);
    expectClose(choice.dataSync(), [0, -3000], { rel: 1e-15 });
  });

  it('sum to one for Poisson rates on both sides of the switches in the formula, with the entropy of the sum', () => {
    for (const rate of [0.1, 15.9, 16, 17, 49.9, 50.1, 200]) {
      const counts = Array.from({ length: 500 }, (_, k) => k);
      tf.tidy(() => {
        const log = Poisson(rate).logProb(counts);
        expectClose(tf.sum(tf.exp(log)).dataSync(), [1], { rel: 1e-14 });
        const sum = tf.neg(tf.sum(tf.mul(tf.exp(log), log)));
        expectClose(Poisson(rate).entropy().dataSync(), sum.dataSync(), { rel: 1e-13 });
      });
    }
  });
});
