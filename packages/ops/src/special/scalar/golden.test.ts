import { expectClose, loadGolden, ulpDistance, type Closeness } from '@pyro-ts/testing';
import * as scalar from '.';

interface Table {
  readonly function: string;
  readonly points: readonly (readonly number[])[];
  readonly conventions?: readonly { readonly args: readonly number[]; readonly value: number }[];
}

type Scalar = (...args: number[]) => number;

/** The function of each table and the bound it is held to; `near` is an interval of values around 0 with its own bound. */
interface Bounded {
  readonly f: Scalar;
  readonly bound: Closeness;
  readonly near?: { readonly below: number; readonly bound: Closeness };
}

const promises: Readonly<Record<string, Bounded>> = {
  lgamma: { f: scalar.lgamma, bound: { ulp: 4 }, near: { below: 1e-14, bound: { abs: 2e-30 } } },
  digamma: { f: scalar.digamma, bound: { ulp: 4 } },
  trigamma: { f: scalar.trigamma, bound: { ulp: 4 } },
  polygamma: { f: scalar.polygamma, bound: { ulp: 4 } },
  mvlgamma: { f: scalar.mvlgamma, bound: { ulp: 2 } },
  betaln: { f: scalar.betaln, bound: { ulp: 1 } },
  lbinom: { f: scalar.lbinom, bound: { ulp: 1 } },
  gammainc: { f: scalar.gammainc, bound: { rel: 1e-15 } },
  gammaincc: { f: scalar.gammaincc, bound: { rel: 1e-15 } },
  gammainc_grad_a: { f: scalar.gammaincGradA, bound: { rel: 5e-15 } },
  standard_gamma_grad: { f: scalar.standardGammaGrad, bound: { rel: 5e-15 } },
  betainc: { f: scalar.betainc, bound: { rel: 2e-15 } },
  betainc_grad_a: { f: scalar.betaincGradA, bound: { rel: 5e-15 } },
  betainc_grad_b: { f: scalar.betaincGradB, bound: { rel: 5e-15 } },
  gammaincinv: { f: scalar.gammaincinv, bound: { rel: 1e-15 } },
  betaincinv: { f: scalar.betaincinv, bound: { rel: 4e-15 } },
  erf: { f: scalar.erf, bound: { ulp: 1 } },
  erfc: { f: scalar.erfc, bound: { ulp: 3 } },
  erfcx: { f: scalar.erfcx, bound: { ulp: 3 } },
  erfinv: { f: scalar.erfinv, bound: { ulp: 2 } },
  erfcinv: { f: scalar.erfcinv, bound: { ulp: 2 } },
  ndtr: { f: scalar.ndtr, bound: { ulp: 3 } },
  log_ndtr: { f: scalar.logNdtr, bound: { ulp: 3 } },
  ndtri: { f: scalar.ndtri, bound: { ulp: 2 } },
  log1p: { f: scalar.log1p, bound: { ulp: 1 } },
  expm1: { f: scalar.expm1, bound: { ulp: 1 } },
  logaddexp: { f: scalar.logaddexp, bound: { ulp: 1 }, near: { below: 0.1, bound: { abs: 1e-16 } } },
  logdiffexp: { f: scalar.logdiffexp, bound: { ulp: 1 }, near: { below: 0.1, bound: { abs: 1e-16 } } },
  softplus: { f: scalar.softplus, bound: { ulp: 1 } },
  log_sigmoid: { f: scalar.logSigmoid, bound: { ulp: 1 } },
  sigmoid: { f: scalar.sigmoid, bound: { ulp: 2 } },
  logit: { f: scalar.logit, bound: { ulp: 2 } },
  log1mexp: { f: scalar.log1mexp, bound: { ulp: 1 } },
  i0e: { f: scalar.i0e, bound: { ulp: 3 } },
  i1e: { f: scalar.i1e, bound: { ulp: 3 } },
  log_i0: { f: scalar.logI0, bound: { ulp: 2 } },
  i1e_over_i0e: { f: scalar.besselRatio, bound: { ulp: 3 } },
};

const tables = loadGolden<readonly Table[]>('special');

const spell = ({ bound, near }: Bounded): string =>
  JSON.stringify(bound) + (near ? `, and ${JSON.stringify(near.bound)} where |value| < ${near.below}` : '');

describe('scalar special functions against the golden tables', () => {
  it('cover every table', () => {
    expect(Object.keys(promises).sort()).toEqual(tables.map((t) => t.function).sort());
  });

  it.each(tables.map((t): [string, string, Table] => [t.function, spell(promises[t.function]), t]))(
    '%s is within %s at every point',
    (name, _spelled, { points }) => {
      const { f, bound, near } = promises[name];
      for (const point of points) {
        const args = point.slice(0, -1);
        const value = point[point.length - 1];
        const own = near !== undefined && Math.abs(value) < near.below ? { ...bound, ...near.bound } : bound;
        expectClose(f(...args), value, own, `${name}(${args.join(', ')})`);
      }
    },
  );

  it.each(tables.map((t): [string, Table] => [t.function, t]))(
    '%s keeps its conventions at poles, edges and infinities',
    (name, { conventions = [] }) => {
      for (const { args, value } of conventions) {
        expect([name, args, ulpDistance(promises[name].f(...args), value)]).toEqual([name, args, 0]);
      }
    },
  );

  it.each(Object.entries(promises))('%s passes NaN on in every argument', (name, { f }) => {
    const point = tables.find((t) => t.function === name)?.points[0] ?? [];
    const args = point.slice(0, -1);
    args.forEach((_, i) => {
      // The order p of the multivariate gamma function counts terms.
      if (name === 'mvlgamma' && i === 1) return;
      expect(f(...args.map((x, j) => (i === j ? NaN : x)))).toBeNaN();
    });
  });
});
