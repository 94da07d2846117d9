/** Whether chains agree, and how much they know. */
import type { Chains } from './chains';
import { bulkEssOf, tailEssOf } from './ess';
import { rhatOf } from './rhat';
import { rowsOf } from './rows';
import { ScalarDraws } from './scalar-draws';
import { eventSize, scalarsOf, type SiteDraws } from './site-draws';

export interface Convergence {
  readonly rhat: number;
  readonly essBulk: number;
  readonly essTail: number;
}

/** Of every scalar of a site, [...event] row-major. */
export type SiteConvergence = Readonly<Record<keyof Convergence, Float64Array>>;

/** `rhat`, `essBulk` and `essTail` of the same draws, for less than the three of them. */
export function convergence(chains: Chains): Convergence {
  return convergenceOf(new ScalarDraws(rowsOf(chains)));
}

export const convergenceOf = (draws: ScalarDraws): Convergence => ({
  rhat: rhatOf(draws),
  essBulk: bulkEssOf(draws),
  essTail: tailEssOf(draws),
});

/** The same of every scalar of every site. */
export function convergenceOfSites(
  sites: Readonly<Record<string, SiteDraws>>,
): Readonly<Record<string, SiteConvergence>> {
  const entries = Object.entries(sites).map(([name, site]): [string, SiteConvergence] => {
    const size = eventSize(site);
    const found = {
      rhat: new Float64Array(size),
      essBulk: new Float64Array(size),
      essTail: new Float64Array(size),
    };
    let k = 0;
    for (const scalar of scalarsOf(site)) {
      const { rhat, essBulk, essTail } = convergenceOf(new ScalarDraws(scalar));
      found.rhat[k] = rhat;
      found.essBulk[k] = essBulk;
      found.essTail[k++] = essTail;
    }
    return [name, found];
  });
  return Object.fromEntries(entries);
}
