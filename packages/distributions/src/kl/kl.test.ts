import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { lift, tf } from '@pyro-ts/ops';
import { expectClose, loadGolden } from '@pyro-ts/testing';
import {
  Bernoulli,
  Beta,
  Delta,
  families,
  Gamma,
  klDivergence,
  Laplace,
  MultivariateNormal,
  Normal,
  Poisson,
  registerKl,
  TransformedDistribution,
  transforms,
  UnsupportedError,
  type AnyFactory,
} from '..';
import { runKlRow, type KlRow } from '../../test/golden/kl-rows';

/** Random pairs, near each other and far apart, large and small: closed forms in 80-digit arithmetic, rounded once. */
interface ExtremeRow {
  readonly family: string;
  readonly p: Readonly<Record<string, unknown>>;
  readonly q: Readonly<Record<string, unknown>>;
  readonly kl: number;
}
const extremes = JSON.parse(
  readFileSync(join(__dirname, '..', '..', 'test', 'tables', 'kl-extreme.json'), 'utf8'),
) as ExtremeRow[];

const rows = loadGolden<KlRow[]>('kl');
const pairs = new Map<string, KlRow[]>();
for (const row of rows) {
  const pair = `${row.p.dist} ‖ ${row.q.dist}`;
  pairs.set(pair, [...(pairs.get(pair) ?? []), row]);
}
const isDeclared = ([pair]: [string, KlRow[]]): boolean =>
  pair.split(' ‖ ').every((name) => families.has(name));

/** Gauss–Legendre with three points on many short pieces between the kinks. */
function integrate(f: (x: number) => number, kinks: readonly number[]): number {
  let total = 0;
  const [node, outer, middle] = [Math.sqrt(0.6), 5 / 9, 8 / 9];
  for (let i = 0; i + 1 < kinks.length; i++) {
    const h = (kinks[i + 1] - kinks[i]) / 4000;
    for (let j = 0; j < 4000; j++) {
      const m = kinks[i] + (j + 0.5) * h;
      total += (h / 2) * (outer * (f(m - (node * h) / 2) + f(m + (node * h) / 2)) + middle * f(m));
    }
  }
  return total;
}

describe('klDivergence', () => {
  it.each([...pairs].filter(isDeclared))(
    '%s agrees with the golden table to 1e-12 (1 + |KL|)',
    (_, members) => {
      const outcomes = members.map(runKlRow);
      expect(outcomes.map(({ id, status, failures }) => ({ id, status, failures }))).toEqual(
        members.map(({ id }) => ({ id, status: 'passed', failures: [] })),
      );
    },
  );

  it.each([...new Set(extremes.map(({ family }) => family))])(
    '%s: 20 pairs near and far, concentrations to 1e8, logits to 900, are within 1e-13 (1 + KL)',
    (family) => {
      for (const row of extremes.filter((r) => r.family === family)) {
        const make = families.get(family) as AnyFactory;
        const kl = tf.tidy(() => klDivergence(make(row.p), make(row.q)).dataSync()[0]);
        expectClose(kl, row.kl, { abs: 1e-13 * (1 + row.kl) }, JSON.stringify(row));
      }
    },
  );

  it.each([
    [Laplace(1.71, 0.9611), 2.079, 0.6456],
    [Normal(-1.175, 2.111), 2.04, 0.3256],
    [Normal(0.3, 0.01), 0.3, 2],
  ])('%s ‖ Laplace(%d, %d) agrees with integration on both sides of the kinks', (p, loc, scale) => {
    const q = Laplace(loc, scale);
    const [centre] = p.mean.dataSync();
    const reach = 40 * p.stddev.dataSync()[0];
    const [b, mu] = [p.stddev.dataSync()[0], centre];
    const logP =
      p.family === 'Laplace'
        ? (x: number): number => (-Math.abs(x - mu) * Math.SQRT2) / b - Math.log(Math.SQRT2 * b)
        : (x: number): number => -0.5 * ((x - mu) / b) ** 2 - Math.log(b) - 0.5 * Math.log(2 * Math.PI);
    const logQ = (x: number): number => -Math.abs(x - loc) / scale - Math.log(2 * scale);
    const kinks = [centre - reach, centre, loc, centre + reach].sort((x, y) => x - y);
    const expected = integrate((x) => Math.exp(logP(x)) * (logP(x) - logQ(x)), kinks);
    expectClose(klDivergence(p, q).dataSync(), [expected], { rel: 1e-12 });
  });

  it('is zero between a distribution and itself, without rounding for location and scale', () => {
    for (const d of [Normal(3, 0.1), Gamma(2.3, 4), Beta(0.4, 3), Poisson(7), Bernoulli(0.3)]) {
      expectClose(klDivergence(d, d).dataSync(), [0], { abs: 2e-15 }, String(d));
    }
  });

  it('keeps its digits between neighbours: KL(N(0, 1) ‖ N(1e-8, 1)) = 5e-17', () => {
    expectClose(klDivergence(Normal(0, 1), Normal(1e-8, 1)).dataSync(), [5e-17], { rel: 1e-14 });
  });

  it('broadcasts batch shapes, expansions included', () => {
    const kl = klDivergence(Normal([0, 1], 1), Normal(0, 1).expand([3, 1]));
    expect(kl.shape).toEqual([3, 2]);
    expectClose(kl.dataSync(), [0, 0.5, 0, 0.5, 0, 0.5]);
  });

  it('matches events of independent coordinates with different numbers of event dims taken from the batch', () => {
    const kl = klDivergence(Normal([[0, 1]], 1).toEvent(2), Normal(0, [[1, 1]]).toEvent(2));
    expectClose(kl.dataSync(), [0.5]);
  });

  it('has a gradient in the parameters', () => {
    const gradient = tf.grad((loc) => tf.sum(klDivergence(Normal(loc, 2), Normal(0, 1))));
    expectClose(gradient(lift(0.7)).dataSync(), [0.7]);
  });

  it('is −log q at a point mass, of any family', () => {
    expectClose(klDivergence(Delta(0.3), Beta(2, 3)).dataSync(), Beta(2, 3).logProb(0.3).mul(-1).dataSync());
  });

  it('refuses what it has no closed form for, different transforms, and different events', () => {
    expect(() => klDivergence(Poisson(1), Normal(0, 1))).toThrow(UnsupportedError);
    const exp = TransformedDistribution(Normal(0, 1), [transforms.ExpTransform()]);
    const tanh = TransformedDistribution(Normal(0, 1), [transforms.TanhTransform()]);
    expect(() => klDivergence(exp, tanh)).toThrow(/their transforms differ/);
    const plane = MultivariateNormal({
      loc: [0, 0],
      scaleTril: [
        [1, 0],
        [0, 1],
      ],
    });
    const line = MultivariateNormal({ loc: [0], scaleTril: [[1]] });
    expect(() => klDivergence(plane, line)).toThrow(/same event shape/);
  });

  it('takes closed forms of users', () => {
    registerKl(Poisson, 'Laplace', (p) => tf.mul(p.rate, 2));
    expectClose(klDivergence(Poisson(4), families.get('Laplace')?.(0, 1) as never).dataSync(), [8]);
  });
});
