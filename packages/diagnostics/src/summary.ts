/** One row of statistics for every scalar of every site. */
import { type Chains, DiagnosticsError, pool } from './chains';
import { bulkEssOf, tailEssOf } from './ess';
import { hpdi } from './hpdi';
import { mcseMean, mcseSd } from './mcse';
import { mean, standardDeviation } from './moments';
import { rhatOf } from './rhat';
import { ScalarDraws } from './scalar-draws';

/** Draws of a site: row-major, [chains, draws, ...event]. */
export interface SiteDraws {
  readonly data: ArrayLike<number>;
  readonly shape: readonly number[];
}

export interface SummaryOptions {
  /** Probability inside [lower, upper]. Default 0.9. */
  readonly prob?: number;
  /** Central interval between quantiles (default), or the narrowest interval. */
  readonly interval?: 'quantile' | 'hpdi';
}

export interface SummaryRow {
  /** `beta`, `beta[0]`, `beta[0,1]`. */
  readonly name: string;
  readonly site: string;
  readonly index: readonly number[];
  readonly mean: number;
  /** Divisor n − 1. */
  readonly sd: number;
  readonly median: number;
  readonly lower: number;
  readonly upper: number;
  readonly mcseMean: number;
  readonly mcseSd: number;
  readonly essBulk: number;
  readonly essTail: number;
  readonly rhat: number;
}

export interface Summary {
  readonly prob: number;
  readonly interval: 'quantile' | 'hpdi';
  readonly chains: number;
  readonly draws: number;
  readonly rows: readonly SummaryRow[];
}

/**
 * Mean, sd, median, interval, Monte Carlo errors, effective sample sizes and R-hat of every scalar.
 * @param sites name → draws, each of shape [chains, draws, ...event] with the same chains and draws
 * @throws {DiagnosticsError} if the shapes do not fit together
 */
export function summary(sites: Readonly<Record<string, SiteDraws>>, options: SummaryOptions = {}): Summary {
  const { prob = 0.9, interval = 'quantile' } = options;
  const [chains, draws] = sharedSize(sites);
  const rows: SummaryRow[] = [];
  for (const [site, values] of Object.entries(sites)) {
    for (const index of indices(values.shape.slice(2))) {
      rows.push(row(site, index, scalarChains(values, index), prob, interval));
    }
  }
  return { prob, interval, chains, draws, rows };
}

function row(
  site: string,
  index: readonly number[],
  chains: Chains,
  prob: number,
  interval: 'quantile' | 'hpdi',
): SummaryRow {
  const all = pool(chains);
  const scalar = new ScalarDraws(chains);
  const tail = (1 - prob) / 2;
  const [median, ...central] = scalar.quantiles([0.5, tail, 1 - tail]);
  const [lower, upper] = interval === 'hpdi' ? hpdi(all, prob) : central;
  return {
    name: index.length === 0 ? site : `${site}[${index.join(',')}]`,
    site,
    index,
    mean: mean(all),
    sd: standardDeviation(all),
    median,
    lower,
    upper,
    mcseMean: mcseMean(chains),
    mcseSd: mcseSd(chains),
    essBulk: bulkEssOf(scalar),
    essTail: tailEssOf(scalar),
    rhat: rhatOf(scalar),
  };
}

/** One scalar's draws, [chains][draws]. */
export function scalarChains(values: SiteDraws, index: readonly number[]): Float64Array[] {
  const [chains, draws, ...event] = values.shape;
  const size = event.reduce((a, b) => a * b, 1);
  const offset = index.reduce((sum, i, axis) => sum * event[axis] + i, 0);
  return Array.from({ length: chains }, (_, c) => {
    const chain = new Float64Array(draws);
    for (let d = 0; d < draws; d++) chain[d] = values.data[(c * draws + d) * size + offset];
    return chain;
  });
}

/** All indices of a shape in row-major order; one empty index for a scalar. */
function indices(shape: readonly number[]): number[][] {
  return shape.reduce<number[][]>(
    (outer, n) => outer.flatMap((index) => Array.from({ length: n }, (_, i) => [...index, i])),
    [[]],
  );
}

function sharedSize(sites: Readonly<Record<string, SiteDraws>>): [number, number] {
  const entries = Object.entries(sites);
  if (entries.length === 0) throw new DiagnosticsError('summary: no sites.\n  Fix: pass draws by name.');
  const [firstName, first] = entries[0];
  for (const [name, { shape }] of entries) {
    if (shape.length < 2 || shape[0] !== first.shape[0] || shape[1] !== first.shape[1]) {
      throw new DiagnosticsError(
        `summary: site '${name}' has shape [${shape.join(', ')}], site '${firstName}' ` +
          `[${first.shape.join(', ')}].\n  Fix: give every site as [chains, draws, ...event]` +
          ' (getSamples({groupByChain: true})).',
      );
    }
  }
  return [first.shape[0], first.shape[1]];
}
