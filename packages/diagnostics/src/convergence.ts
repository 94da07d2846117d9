/** Whether a scalar's chains agree, and how much they know. */
import type { Chains } from './chains';
import { bulkEssOf, tailEssOf } from './ess';
import { rhatOf } from './rhat';
import { ScalarDraws } from './scalar-draws';

export interface Convergence {
  readonly rhat: number;
  readonly essBulk: number;
  readonly essTail: number;
}

/** `rhat`, `essBulk` and `essTail` of the same draws, for less than the three of them. */
export function convergence(chains: Chains): Convergence {
  const draws = new ScalarDraws(chains);
  return { rhat: rhatOf(draws), essBulk: bulkEssOf(draws), essTail: tailEssOf(draws) };
}
