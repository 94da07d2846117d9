/** Potential scale reduction, R-hat. All return NaN for NaN draws, for fewer than 4 draws, and for a constant. */
import type { Chains } from './chains';
import { mean, variance, varianceAround } from './moments';
import { halvesOf, isUsable, rowAt, rowsOf, type Rows } from './rows';
import { ScalarDraws } from './scalar-draws';

/** √(V̂ / W) of the chains as they stand; NaN with fewer than two. */
function scaleReduction(rows: Rows): number {
  const { count, length } = rows;
  const means = new Float64Array(count);
  const variances = new Float64Array(count);
  for (let c = 0; c < count; c++) {
    const row = rowAt(rows, c);
    means[c] = mean(row);
    variances[c] = varianceAround(means[c], row);
  }
  const between = length * variance(means);
  return Math.sqrt((between / mean(variances) + length - 1) / length);
}

/** R-hat of whole chains (Gelman & Rubin 1992 as in BDA3, equation 11.4). Needs two chains. */
export function gelmanRubin(chains: Chains): number {
  const rows = rowsOf(chains);
  return isUsable(rows) ? scaleReduction(rows) : NaN;
}

/** R-hat of the chains' halves (BDA3, section 11.4). One chain suffices. */
export function splitGelmanRubin(chains: Chains): number {
  const rows = rowsOf(chains);
  return isUsable(rows) ? scaleReduction(halvesOf(rows)) : NaN;
}

/** Split R-hat of the rank-normalised draws: differences in location (Vehtari et al. 2021, equation 4.1). */
export function bulkRhat(chains: Chains): number {
  return bulkOf(new ScalarDraws(rowsOf(chains)));
}

/** The same of the absolute deviations from the median: differences in scale and in the tails. */
export function foldedRhat(chains: Chains): number {
  return foldedOf(new ScalarDraws(rowsOf(chains)));
}

/**
 * R-hat as recommended by Vehtari, Gelman, Simpson, Carpenter & Bürkner (2021): the larger of bulk and folded
 * rank-normalised split R-hat. Aim for < 1.01.
 */
export function rhat(chains: Chains): number {
  return rhatOf(new ScalarDraws(rowsOf(chains)));
}

export function rhatOf(draws: ScalarDraws): number {
  const bulk = bulkOf(draws);
  const folded = foldedOf(draws);
  // The folded draws of a two-valued quantity may be constant, which says nothing.
  return folded > bulk ? folded : bulk;
}

function bulkOf(draws: ScalarDraws): number {
  return draws.isUsable ? scaleReduction(draws.bulk) : NaN;
}

function foldedOf(draws: ScalarDraws): number {
  return draws.isUsable ? scaleReduction(draws.folded) : NaN;
}
