import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expectClose } from '@pyro-ts/testing';
import {
  autocovariance,
  bfmi,
  bulkRhat,
  effectiveSampleSize,
  essBulk,
  essMean,
  essMedian,
  essQuantile,
  essSd,
  essTail,
  foldedRhat,
  gelmanRubin,
  hpdi,
  mcseMean,
  mcseMedian,
  mcseQuantile,
  mcseSd,
  quantiles,
  rhat,
  splitGelmanRubin,
  type Chains,
} from './index';
import { betaQuantile } from './beta-quantile';
import { normalQuantile } from './normal-quantile';

type Row = Readonly<Record<string, number | null>> & {
  readonly draws: number[][];
  readonly hdi90: number[];
  readonly hdi50: number[];
  readonly bfmi: number[];
  readonly quantiles: number[];
  readonly autocovariance: number[];
};
interface Golden {
  readonly cases: Readonly<Record<string, Row>>;
  readonly normal_quantile: [number, number][];
  readonly beta_quantile: [number, number, number, number][];
}
const golden = JSON.parse(
  readFileSync(join(__dirname, '..', 'test', 'golden', 'arviz.json'), 'utf8'),
) as Golden;

const scalars: Record<string, (chains: Chains) => number> = {
  gelman_rubin: gelmanRubin,
  split_rhat: splitGelmanRubin,
  bulk_rhat: bulkRhat,
  folded_rhat: foldedRhat,
  rhat,
  ess_bulk: essBulk,
  ess_tail: (x) => essTail(x),
  ess_mean: essMean,
  ess_sd: essSd,
  ess_median: essMedian,
  ess_identity: effectiveSampleSize,
  ess_q10: (x) => essQuantile(x, 0.1),
  mcse_mean: mcseMean,
  mcse_sd: mcseSd,
  mcse_q10: (x) => mcseQuantile(x, 0.1),
  mcse_median: mcseMedian,
};

describe.each(Object.entries(golden.cases))('ArviZ 0.23.4 to 1e-10 on %s', (_name, row) => {
  it.each(Object.keys(scalars))('%s', (statistic) => {
    const expected = row[statistic];
    expectClose(scalars[statistic](row.draws), expected ?? NaN, { rel: 1e-10 });
  });

  it('hpdi, quantiles, bfmi', () => {
    expectClose(hpdi(row.draws.flat(), 0.9), row.hdi90);
    expectClose(hpdi(row.draws.flat(), 0.5), row.hdi50);
    expectClose(quantiles(row.draws.flat(), [0, 0.05, 0.31, 0.5, 0.95, 1]), row.quantiles);
    expectClose(row.draws.map(bfmi), row.bfmi, { rel: 1e-10 });
  });

  it('autocovariance, to 1e-12 of its value at lag 0', () => {
    const expected = row.autocovariance;
    expectClose(autocovariance(row.draws[0]).slice(0, 20), expected, { abs: 1e-12 * expected[0] });
  });
});

describe('quantile functions', () => {
  it('agree with scipy: normal to 1e-14', () => {
    for (const [p, z] of golden.normal_quantile) expectClose(normalQuantile(p), z, { rel: 1e-14 }, String(p));
    expect([0, 1, -0.1, NaN].map(normalQuantile)).toEqual([-Infinity, Infinity, NaN, NaN]);
  });

  it('agree with scipy: beta to 1e-12', () => {
    for (const [a, b, p, x] of golden.beta_quantile) {
      expectClose(betaQuantile(a, b, p), x, { rel: 1e-12 }, `Beta(${a}, ${b}) at ${p}`);
    }
  });
});
