import { loadGolden, ulpDistance } from '@pyro-ts/testing';
import type { ElementaryName } from './elementary';
import { exact, ulpError } from './exact';
import { arrayFunction } from './map-array';

/** Bounds in ulp: what is promised in the functions' docstrings. */
const bounds = {
  exp: 1.3,
  expm1: 1.7,
  log: 1.9,
  log1p: 1.9,
  sin: 1,
  cos: 1,
  tan: 2.5,
  atan: 1.5,
  tanh: 3.5,
  sigmoid: 2.7,
  softplus: 2,
  pow: 1.5,
} as const satisfies Partial<Record<ElementaryName, number>>;

type Checked = keyof typeof bounds;

function uniform(count: number, low: number, high: number): number[] {
  // A Weyl sequence: dense, without repeats.
  return Array.from({ length: count }, (_, i) => low + (high - low) * ((0.5 + i * 0.6180339887498949) % 1));
}

const magnitudes = (count: number, low: number, high: number): number[] =>
  uniform(count, Math.log(low), Math.log(high)).map(Math.exp);
const bothSigns = (xs: readonly number[]): number[] => xs.map((x, i) => (i % 2 === 0 ? x : -x));

const count = 250;
const near = (x: number): number[] => bothSigns(magnitudes(count, 1e-15, 0.1)).map((d) => x + d);
const small = bothSigns(magnitudes(count, 1e-60, 1));

const grids: Readonly<Record<Checked, readonly number[]>> = {
  exp: [...small, ...uniform(count, -30, 30), ...uniform(count, -744, 709.7), ...uniform(count, -745, -708)],
  expm1: [...small, ...uniform(count, -1, 1), ...uniform(count, -40, 40), ...uniform(count, -0.02, 0.02)],
  log: [...near(1), ...uniform(count, 0.5, 2), ...magnitudes(count, 1e-300, 1e300), ...magnitudes(count, 5e-324, 1e-307)],
  log1p: [...small, ...uniform(count, -0.999, 1), ...magnitudes(count, 1e-3, 1e100), ...near(-1).filter((x) => x > -1)],
  sin: [...small, ...uniform(count, -4, 4), ...uniform(count, -1e5, 1e5), ...uniform(count, 0, 6e5).map((x) => Math.round(x) * Math.PI * 0.5)],
  cos: [...small, ...uniform(count, -4, 4), ...uniform(count, -1e5, 1e5), ...uniform(count, 0, 6e5).map((x) => Math.round(x) * Math.PI * 0.5)],
  tan: [...small, ...uniform(count, -4, 4), ...uniform(count, -1e5, 1e5)],
  atan: [...small, ...uniform(count, -10, 10), ...bothSigns(magnitudes(count, 0.1, 1e60))],
  tanh: [...small, ...uniform(count, -1, 1), ...uniform(count, -20, 20)],
  sigmoid: [...uniform(count, -5, 5), ...uniform(count, -300, 300)],
  softplus: [...uniform(count, -5, 5), ...uniform(count, -300, 300)],
  pow: [],
}; // prettier-ignore

function worst(name: Exclude<Checked, 'pow'>, digits: 53 | 24 = 53): number {
  const xs = Float64Array.from(grids[name]);
  const ys = arrayFunction(name)(xs);
  let largest = 0;
  xs.forEach((x, i) => (largest = Math.max(largest, ulpError(ys[i], exact[name](x), digits))));
  return largest;
}

describe('against 512-bit arithmetic on dense grids', () => {
  const names = (Object.keys(bounds) as Checked[]).filter((n) => n !== 'pow');
  it.each(names.map((n) => [n, bounds[n]] as const))('%s is within %f ulp', (name, bound) => {
    expect(worst(name)).toBeLessThanOrEqual(bound);
  });

  it(`pow is within ${bounds.pow} ulp`, () => {
    const x = Float64Array.from([
      ...magnitudes(count, 1e-100, 1e100),
      ...near(1),
      ...uniform(count, 0.01, 10),
    ]);
    const y = Float64Array.from([
      ...uniform(count, -3, 3),
      ...bothSigns(magnitudes(count, 1, 1e3)),
      ...uniform(count, -20, 20),
    ]);
    const z = arrayFunction('pow', 2)(x, y);
    let largest = 0;
    z.forEach((value, i) => (largest = Math.max(largest, ulpError(value, exact.pow(x[i], y[i])))));
    expect(largest).toBeLessThanOrEqual(bounds.pow);
  });

  it('logExcess is within 16 ulp, and within 5 for |x| < 1/4', () => {
    const x = [
      ...small,
      ...uniform(4 * count, -0.3, 0.3),
      ...uniform(count, -0.5, 2),
      ...magnitudes(count, 1e-3, 1e100),
    ];
    const y = magnitudes(count, 1e-100, 0.5);
    const xs = Float64Array.from([...x.filter((v) => v >= -0.5), ...y.map((v) => v - 1)]);
    const ys = Float64Array.from([...x.filter((v) => v >= -0.5).map((v) => v + 1), ...y]);
    const errors = Array.from(arrayFunction('logExcess', 2)(xs, ys), (value, i) =>
      ulpError(value, exact.logExcess(xs[i], ys[i])),
    );
    expect(Math.max(...errors)).toBeLessThanOrEqual(16);
    expect(Math.max(...errors.filter((_, i) => Math.abs(xs[i]) < 1 / 4))).toBeLessThanOrEqual(5);
  });

  it('the yardstick itself measures: a neighbouring double is half to one and a half ulp away', () => {
    const e = ulpError(Math.E + 2 ** -51, exact.exp(1));
    expect(e).toBeGreaterThan(0.5);
    expect(e).toBeLessThan(1.5);
  });
});

interface GoldenRow {
  readonly function: string;
  readonly points: readonly (readonly number[])[];
}

describe('against the golden table', () => {
  const golden = loadGolden<readonly GoldenRow[]>('special');
  const table: readonly (readonly [string, ElementaryName, number])[] = [
    ['lgamma', 'lgamma', 4],
    ['digamma', 'digamma', 5],
    ['trigamma', 'trigamma', 5],
    ['erf', 'erf', 2],
    ['erfc', 'erfc', 4],
    ['log1p', 'log1p', 2],
    ['expm1', 'expm1', 2],
    ['softplus', 'softplus', 2],
    ['sigmoid', 'sigmoid', 3],
  ];
  /** Where x ≤ 0, the gamma functions are those of the ops package, with bounds of their own. */
  const ownRange = (row: string, x: number): boolean => x > 0 || !row.includes('gamma');

  it.each(table)('%s (as %s) is within %i ulp at every point', (row, name, bound) => {
    const points = (golden.find((g) => g.function === row)?.points ?? []).filter(([x]) => ownRange(row, x));
    expect(points.length).toBeGreaterThan(100);
    const ys = arrayFunction(name)(Float64Array.from(points, (p) => p[0]));
    const bad = points
      .map(([x, y], i) => ({ x, y, got: ys[i], ulp: ulpDistance(ys[i], y) }))
      .filter(({ ulp }) => !(ulp <= bound));
    expect(bad).toEqual([]);
  });
});

describe('betaln', () => {
  it('is within 1e-14·(1 + |log B|) of the golden table', () => {
    const golden =
      loadGolden<readonly GoldenRow[]>('special').find((g) => g.function === 'betaln')?.points ?? [];
    expect(golden.length).toBeGreaterThan(100);
    const column = (i: number): Float64Array => Float64Array.from(golden, (p) => p[i]);
    const got = arrayFunction('betaln', 2)(column(0), column(1));
    golden.forEach(([, , expected], i) => {
      if (Number.isFinite(expected)) {
        expect(Math.abs(got[i] - expected)).toBeLessThanOrEqual(1e-14 * (1 + Math.abs(expected)));
      } else expect(got[i]).toBe(expected);
    });
  });
});

describe('special values', () => {
  const inf = Infinity;
  const edges: Readonly<Record<string, readonly (readonly [number, number])[]>> = {
    exp: [[0, 1], [-0, 1], [inf, inf], [-inf, 0], [NaN, NaN], [5e-324, 1], [1000, inf], [-1000, 0], [-745.2, 0]],
    expm1: [[0, 0], [-0, -0], [inf, inf], [-inf, -1], [NaN, NaN], [5e-324, 5e-324], [-1e-310, -1e-310], [800, inf]],
    log: [[0, -inf], [-0, -inf], [inf, inf], [-1, NaN], [-inf, NaN], [NaN, NaN], [1, 0]],
    log1p: [[0, 0], [-0, -0], [inf, inf], [-1, -inf], [-2, NaN], [-inf, NaN], [NaN, NaN], [5e-324, 5e-324], [Number.MAX_VALUE, 709.782712893384]],
    logExponent: [[0, -inf], [-0, -inf], [inf, inf], [-1, NaN], [-inf, NaN], [NaN, NaN], [5e-324, -1074], [1, 0], [8, 3], [7.999999999999999, 2], [Number.MAX_VALUE, 1023]],
    logFraction: [[0, 0], [inf, 0], [-1, NaN], [-inf, NaN], [NaN, NaN], [5e-324, 0], [1, 0], [6, 0.5], [1.25 * 2 ** -1030, 0.25]],
    tanh: [[0, 0], [-0, -0], [inf, 1], [-inf, -1], [NaN, NaN], [5e-324, 5e-324]],
    sigmoid: [[0, 0.5], [inf, 1], [-inf, 0], [NaN, NaN], [-745.2, 0]],
    softplus: [[inf, inf], [-inf, 0], [NaN, NaN], [-745, 5e-324], [1e300, 1e300]],
    sin: [[0, 0], [-0, -0], [inf, NaN], [NaN, NaN], [-5e-324, -5e-324]],
    cos: [[0, 1], [inf, NaN], [NaN, NaN]],
    tan: [[0, 0], [-0, -0], [inf, NaN], [NaN, NaN]],
    atan: [[0, 0], [-0, -0], [inf, Math.PI / 2], [-inf, -Math.PI / 2], [NaN, NaN]],
    erf: [[0, 0], [-0, -0], [inf, 1], [-inf, -1], [NaN, NaN]],
    erfc: [[inf, 0], [-inf, 2], [NaN, NaN], [0, 1]],
    lgamma: [[0, inf], [inf, inf], [-1, inf], [NaN, NaN], [1, -0], [2, 0]],
    digamma: [[0, -inf], [inf, inf], [-1, NaN], [NaN, NaN]],
    trigamma: [[0, inf], [inf, 0], [NaN, NaN]],
  }; // prettier-ignore

  it.each(Object.keys(edges))('of %s, in either lane and beside ordinary arguments', (name) => {
    const f = arrayFunction(name as ElementaryName);
    for (const [x, y] of edges[name]) {
      expect([...f(Float64Array.of(x, 0.7))].slice(0, 1)).toEqual([y]);
      expect([...f(Float64Array.of(0.7, x))].slice(1)).toEqual([y]);
      expect(f(Float64Array.of(x, 0.7))[1]).toBe(f(Float64Array.of(0.7, 0.7))[0]);
    }
  });

  it('of logExcess: 0 at 0, ∞ at −1 and ∞, NaN below', () => {
    const rows = [[0, 1, 0], [-0, 1, 0], [-1, 0, inf], [inf, inf, inf], [-2, -1, NaN], [NaN, NaN, NaN], [1e300, 1e300, 1e300], [-1, 5e-324, 743.4400719213812]]; // prettier-ignore
    const got = arrayFunction('logExcess', 2)(
      Float64Array.from(rows, (r) => r[0]),
      Float64Array.from(rows, (r) => r[1]),
    );
    expect([...got].map((v) => v + 0)).toEqual(rows.map((r) => r[2]));
  });

  it('of pow follow IEEE 754, with 1^y = 1', () => {
    const rows = [
      [0, 2, 0], [-0, 3, -0], [0, -1, inf], [-0, -1, -inf], [-2, 3, -8], [-2, 2, 4], [-2, 0.5, NaN], [1, NaN, 1],
      [NaN, 0, 1], [inf, -1, 0], [-inf, 3, -inf], [2, inf, inf], [0.5, inf, 0], [1, inf, 1], [1e-310, 2, 0],
      [2, -1074, 5e-324], [2, 1024, inf], [-8, -1, -0.125], [1, -1.5e300, 1], [1, 1e308, 1], [-1, 1e300, 1],
      [1 + 2 ** -52, 1e300, inf], [1 - 2 ** -53, 1e300, 0],
    ]; // prettier-ignore
    const pow = arrayFunction('pow', 2);
    const got = pow(
      Float64Array.from(rows, (r) => r[0]),
      Float64Array.from(rows, (r) => r[1]),
    );
    expect([...got]).toEqual(rows.map((r) => r[2]));
  });
});
