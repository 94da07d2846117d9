import { expectCounts, expectDistribution, expectMean } from '@pyro-ts/testing';
import { sizeOf, type DType, type NdArray, type NumericArray, type Shape } from '../data/nd-array';
import type { Attrs } from '../kernels/kernel';
import { logBinomial, logPoisson } from './count-math';
import { randomKernels } from './kernels';
import { foldIn, keyFromSeed } from './key';

const root = keyFromSeed('kernel tests');

function nd(data: number | readonly number[], shape: Shape, dtype: DType = 'float32'): NdArray {
  const values = typeof data === 'number' ? new Array<number>(sizeOf(shape)).fill(data) : data;
  return { data: dtype === 'float32' ? Float64Array.from(values) : Int32Array.from(values), shape, dtype };
}

/** Runs a kernel under the key of the tests and a stream named after its use. */
function draw(
  name: keyof typeof randomKernels,
  stream: string,
  inputs: NdArray[],
  attrs: Attrs = {},
): NumericArray {
  const { key, stream: words } = foldIn(root, stream);
  const all = [key as NdArray, ...inputs];
  const full = { ...attrs, stream: words };
  const spec = randomKernels[name];
  return spec.compute(all, full, spec.infer(all, full))[0];
}

/** Regularised lower incomplete gamma: its series, and the continued fraction of the complement by Lentz. */
function gammaCdf(a: number, x: number): number {
  let logGamma = 0;
  let z = a;
  for (; z < 30; z++) logGamma -= Math.log(z);
  logGamma += (z - 0.5) * Math.log(z) - z + 0.5 * Math.log(2 * Math.PI) + 1 / (12 * z) - 1 / (360 * z ** 3);
  const front = Math.exp(a * Math.log(x) - x - logGamma);
  if (x < a + 1) {
    let [term, sum] = [1 / a, 1 / a];
    for (let k = 1; k < 10000 && term > 1e-17 * sum; k++) sum += term *= x / (a + k);
    return front * sum;
  }
  let b = x + 1 - a;
  let [c, d] = [1e300, 1 / b];
  let h = d;
  for (let k = 1; k < 10000; k++) {
    const an = -k * (k - a);
    b += 2;
    d = 1 / (an * d + b);
    c = b + an / c;
    h *= c * d;
    if (Math.abs(c * d - 1) < 1e-15) break;
  }
  return 1 - front * h;
}

const erfcCdf = (x: number): number =>
  x < 0 ? 0.5 - gammaCdf(0.5, (x * x) / 2) / 2 : 0.5 + gammaCdf(0.5, (x * x) / 2) / 2;

describe('uniform and normal kernels', () => {
  const n = 40000;

  it('draw from their distributions (Kolmogorov–Smirnov, false alarm 1e-6)', () => {
    expectDistribution(draw('PhiloxUniform', 'u', [], { shape: [n] }), (x) => x);
    expectDistribution(draw('PhiloxOpenUniform', 'o', [], { shape: [n] }), (x) => x);
    expectDistribution(draw('PhiloxNormal', 'z', [], { shape: [n] }), (x) => (x === 0 ? 0.5 : erfcCdf(x)));
    expectDistribution(draw('PhiloxExponential', 'e', [], { shape: [n] }), (x) => -Math.expm1(-x));
  });

  it('give every bit of the words probability one half (5.3 standard errors, false alarm 4e-6)', () => {
    const words = draw('PhiloxBits', 'bits', [], { shape: [n] });
    for (let bit = 0; bit < 32; bit++) {
      const ones = Array.from(words).reduce((sum, w) => sum + ((w >>> bit) & 1), 0);
      expect(Math.abs(ones - n / 2)).toBeLessThan(5.3 * Math.sqrt(n / 4));
    }
  });

  it('are prefixes of longer draws: an element depends on its index alone', () => {
    const long = draw('PhiloxNormal', 'p', [], { shape: [101] });
    expect(draw('PhiloxNormal', 'p', [], { shape: [7] })).toEqual(long.slice(0, 7));
  });

  it('share no correlation between streams, seeds or neighbours (|r| < 4.9/√n)', () => {
    const a = draw('PhiloxNormal', 'a', [], { shape: [n] });
    const b = draw('PhiloxNormal', 'b', [], { shape: [n] });
    const shifted = a.slice(1);
    const product = (x: NumericArray, y: NumericArray): number[] => Array.from(y, (v, i) => v * x[i]);
    expectMean(product(a, b), 0, 1);
    expectMean(product(a, shifted), 0, 1);
    const spec = randomKernels.PhiloxNormal;
    const other = keyFromSeed('kernel tests 2').key as NdArray;
    const attrs = { shape: [n], stream: foldIn(root, 'a').stream };
    expectMean(product(a, spec.compute([other], attrs, spec.infer([other], attrs))[0]), 0, 1);
  });

  it('keep their bits from version to version', () => {
    expect(Array.from(draw('PhiloxBits', 'golden', [], { shape: [4] }))).toMatchInlineSnapshot(`
     [
       -2108204840,
       945210323,
       540746768,
       1334704523,
     ]
    `);
    expect(Array.from(draw('PhiloxUniform', 'golden', [], { shape: [3] }))).toMatchInlineSnapshot(`
     [
       0.5091453062003398,
       0.12590241663724266,
       0.4525218097541823,
     ]
    `);
    expect(Array.from(draw('PhiloxNormal', 'golden', [], { shape: [3] }))).toMatchInlineSnapshot(`
     [
       0.022925895349409316,
       -1.1459765914457094,
       -0.11929252269426986,
     ]
    `);
    expect(Array.from(draw('PhiloxGamma', 'golden', [nd([0.1, 1, 50], [3])]))).toMatchInlineSnapshot(`
     [
       1.5855120445785702e-9,
       0.5739312929509649,
       66.69428325444267,
     ]
    `);
    expect(Array.from(draw('PhiloxPoisson', 'golden', [nd([2, 20, 2000], [3])]))).toMatchInlineSnapshot(`
     [
       2,
       19,
       1895,
     ]
    `);
  });
});

describe('gamma kernels', () => {
  it.each([0.05, 0.5, 1, 2.5, 30, 1000])(
    'draw from Gamma(%d) (Kolmogorov–Smirnov, false alarm 1e-6)',
    (a) => {
      const x = draw('PhiloxGamma', `g${a}`, [nd(a, [6000])]);
      expectDistribution(x, (v) => gammaCdf(a, v));
      const log = draw('PhiloxLogGamma', `g${a}`, [nd(a, [6000])]);
      const errors = Array.from(log, (l, i) => Math.abs(Math.exp(l) / x[i] - 1) / (1 + Math.abs(l)));
      expect(Math.max(...errors)).toBeLessThan(1e-13);
    },
  );

  it('stay finite in log space for concentrations where the draw underflows', () => {
    // a·log X → log U as a → 0: an exponential with its sign turned.
    const a = 1e-8;
    const x = draw('PhiloxLogGamma', 'tiny', [nd(a, [6000])]);
    expectDistribution(
      Array.from(x, (v) => -a * v),
      (v) => -Math.expm1(-v),
    );
  });

  it.each([1e8, 1e14])('are normal about a huge concentration %d', (a) => {
    const x = draw('PhiloxGamma', 'huge', [nd(a, [6000])]);
    expectDistribution(
      Array.from(x, (v) => (v - a) / Math.sqrt(a)),
      (z) => (z === 0 ? 0.5 : erfcCdf(z)),
    );
  });

  it('give NaN for a concentration that is not positive', () => {
    expect(Array.from(draw('PhiloxGamma', 'bad', [nd([NaN, -1, 0, Infinity], [4])]))).toEqual([
      NaN,
      NaN,
      NaN,
      Infinity,
    ]);
  });
});

describe('count kernels', () => {
  it.each([0.01, 0.9, 9.99, 10, 10.01, 47, 3000])('Poisson(%d) (chi-square, false alarm 1e-6)', (rate) => {
    const k = draw('PhiloxPoisson', `p${rate}`, [nd(rate, [10000])]);
    const top = Math.ceil(rate + 8 * Math.sqrt(rate) + 10);
    expectCounts(
      k,
      Array.from({ length: top }, (_, i) => Math.exp(logPoisson(i, rate))),
    );
  });

  it.each([
    [1, 0.3],
    [5, 0.5],
    [20, 0.49],
    [20, 0.5],
    [100, 0.0999],
    [100, 0.1001],
    [1000, 0.03],
    [60, 0.83],
    [100000, 0.4],
  ])('Binomial(%d, %d) (chi-square, false alarm 1e-6)', (n, p) => {
    const k = draw('PhiloxBinomial', `b${n},${p}`, [nd(n, [10000]), nd(p, [10000])]);
    const first = Math.max(0, Math.floor(n * p - 8 * Math.sqrt(n * p * (1 - p)) - 10));
    const last = Math.min(n, Math.ceil(n * p + 8 * Math.sqrt(n * p * (1 - p)) + 10));
    const probabilities = Array.from({ length: last - first + 1 }, (_, i) =>
      Math.exp(logBinomial(i + first, n, p, 1 - p)),
    );
    expectCounts(
      Array.from(k, (v) => v - first),
      probabilities,
    );
  });

  it('have edge cases that are certain, and −1 for parameters outside their constraint', () => {
    expect(Array.from(draw('PhiloxPoisson', 'edge', [nd([0, NaN, -1, Infinity, 1e12], [5])]))).toEqual([
      0, -1, -1, 0x7fffffff, 0x7fffffff,
    ]);
    const n = nd([10, 10, 0, 10, -1, 2e9], [6]);
    const k = draw('PhiloxBinomial', 'edge', [n, nd([0, 1, 0.5, NaN, 0.5, 1], [6])]);
    expect(Array.from(k)).toEqual([0, 10, 0, -1, -1, 2e9]);
  });

  it('have the mean and variance of Poisson(1e9) and Binomial(2e9, 0.3)', () => {
    const size = 20000;
    const k = draw('PhiloxPoisson', 'big', [nd(1e9, [size])]);
    const z = Array.from(k, (v) => (v - 1e9) / Math.sqrt(1e9));
    expectMean(z, 0, 1);
    expectMean(
      z.map((v) => v * v),
      1,
      Math.SQRT2,
    );
    const b = draw('PhiloxBinomial', 'big', [nd(2e9, [size]), nd(0.3, [size])]);
    const y = Array.from(b, (v) => (v - 6e8) / Math.sqrt(4.2e8));
    expectMean(y, 0, 1);
    expectMean(
      y.map((v) => v * v),
      1,
      Math.SQRT2,
    );
  });
});

describe('categorical and multinomial kernels', () => {
  const probs = [0.1, 0, 0.6, 0.05, 0.25];

  it('draw categories with their probabilities from unnormalised logits, never one of probability 0', () => {
    const logits = [...probs.map((p) => Math.log(p) + 700), ...[...probs].reverse().map(Math.log)];
    const k = draw('PhiloxCategorical', 'cat', [nd(logits, [2, 5])], { sampleShape: [15000] });
    expectCounts(
      k.filter((_, i) => i % 2 === 0),
      probs,
    );
    expectCounts(
      k.filter((_, i) => i % 2 === 1),
      [...probs].reverse(),
    );
  });

  it('give −1 where the logits are NaN or all −∞', () => {
    const logits = nd([NaN, 0, -Infinity, -Infinity, -Infinity, 0], [3, 2]);
    expect(Array.from(draw('PhiloxCategorical', 'bad', [logits], { sampleShape: [] }))).toEqual([-1, -1, 1]);
  });

  it('draw multinomials whose counts sum to the total and whose margins are binomial', () => {
    const size = 10000;
    const counts = draw('PhiloxMultinomial', 'm', [
      nd(20, [size]),
      nd(Array.from({ length: size }, () => probs).flat(), [size, 5]),
    ]);
    for (let j = 0; j < 5; j++) {
      const margin = counts.filter((_, i) => i % 5 === j);
      const p = probs[j];
      if (p === 0) expect(margin.every((v) => v === 0)).toBe(true);
      else
        expectCounts(
          margin,
          Array.from({ length: 21 }, (_, k) => Math.exp(logBinomial(k, 20, p, 1 - p))),
        );
    }
    for (let i = 0; i < size; i++) {
      const sum = Array.from(counts.subarray(5 * i, 5 * i + 5)).reduce((a, b) => a + b, 0);
      if (sum !== 20) throw new Error(`row ${i} sums to ${sum}`);
    }
  });
});

describe('subsample kernel', () => {
  it('draws distinct indices, each ordered pair equally often (chi-square, false alarm 1e-6)', () => {
    const pairs = Array.from({ length: 8000 }, (_, i) => {
      const [a, b] = draw('PhiloxSubsample', `s${i}`, [], { n: 5, k: 2 });
      expect(a).not.toBe(b);
      return a * 4 + (b > a ? b - 1 : b);
    });
    expectCounts(pairs, new Array<number>(20).fill(1 / 20));
  });

  it('is a permutation when k = n, and its prefix otherwise', () => {
    const all = draw('PhiloxSubsample', 'perm', [], { n: 1000, k: 1000 });
    expect(Array.from(all).sort((a, b) => a - b)).toEqual(Array.from({ length: 1000 }, (_, i) => i));
    expect(draw('PhiloxSubsample', 'perm', [], { n: 1000, k: 30 })).toEqual(all.slice(0, 30));
  });

  it('takes 10 of two billion at once', () => {
    const some = draw('PhiloxSubsample', 'big', [], { n: 2e9, k: 10 });
    expect(new Set(some).size).toBe(10);
    expect(some.every((v) => v >= 0 && v < 2e9)).toBe(true);
  });
});

describe('key folding kernel', () => {
  it('gives each index a key of its own', () => {
    const keys = Array.from({ length: 1000 }, (_, i) =>
      draw('PhiloxFoldKey', 'k', [nd([i], [], 'int32')]).join(),
    );
    expect(new Set(keys).size).toBe(1000);
  });
});
