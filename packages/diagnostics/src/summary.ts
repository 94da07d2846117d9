/** One row of statistics for every scalar of every site. */
import { DiagnosticsError } from './chains';
import { convergenceOf, type Convergence, type SiteConvergence } from './convergence';
import { hpdi } from './hpdi';
import { mcseMeanOf, mcseSdOf } from './mcse';
import { mean, varianceAround } from './moments';
import type { Rows } from './rows';
import { ScalarDraws } from './scalar-draws';
import { scalarsOf, type SiteDraws } from './site-draws';

export type { SiteDraws } from './site-draws';

export interface SummaryOptions {
  /** Probability inside [lower, upper]. Default 0.9. */
  readonly prob?: number;
  /** Central interval between quantiles (default), or the narrowest interval. */
  readonly interval?: 'quantile' | 'hpdi';
  /** What `convergenceOfSites` made of the same draws, if it is at hand: it is not computed again. */
  readonly convergence?: Readonly<Record<string, SiteConvergence>>;
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
  const { prob = 0.9, interval = 'quantile', convergence } = options;
  const [numChains, numDraws] = sharedSize(sites);
  const rows: SummaryRow[] = [];
  for (const [site, values] of Object.entries(sites)) {
    const names = indices(values.shape.slice(2));
    let k = 0;
    for (const draws of scalarsOf(values)) {
      const known = at(convergence?.[site], k);
      rows.push(row(site, names[k++], draws, prob, interval, known));
    }
  }
  return { prob, interval, chains: numChains, draws: numDraws, rows };
}

function at(site: SiteConvergence | undefined, k: number): Convergence | undefined {
  if (site === undefined) return undefined;
  return { rhat: site.rhat[k], essBulk: site.essBulk[k], essTail: site.essTail[k] };
}

function row(
  site: string,
  index: readonly number[],
  draws: Rows,
  prob: number,
  interval: 'quantile' | 'hpdi',
  known: Convergence | undefined,
): SummaryRow {
  const all = draws.values;
  const center = mean(all);
  const sd = Math.sqrt(varianceAround(center, all));
  const scalar = new ScalarDraws(draws);
  const tail = (1 - prob) / 2;
  const [median, ...central] = scalar.quantiles([0.5, tail, 1 - tail]);
  const [lower, upper] = interval === 'hpdi' ? hpdi(all, prob) : central;
  return {
    name: index.length === 0 ? site : `${site}[${index.join(',')}]`,
    site,
    index,
    mean: center,
    sd,
    median,
    lower,
    upper,
    mcseMean: mcseMeanOf(draws, sd),
    mcseSd: mcseSdOf(draws, center),
    ...(known ?? convergenceOf(scalar)),
  };
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
