/** Where inference starts: a value for every latent site. */
import type { SampleMessage } from '@pyro-ts/core';
import type { NdArray, RandomKey } from '@pyro-ts/ops';

/** What a strategy sees of a latent site. Distribution and key are those of the run. */
export interface InitSite extends Pick<SampleMessage, 'name' | 'fn' | 'condIndepStack'> {
  readonly key: RandomKey;
}

/**
 * A rule for starting values.
 * @returns a value in constrained space, shape [...batch, ...event] of the site
 */
export interface InitStrategy {
  (site: InitSite): NdArray;
  /** As it is written: `initToMedian`. */
  readonly strategy: string;
  /** Whether another try may give other values. */
  readonly isRandom: boolean;
}

/** Names a rule. */
export const defineStrategy = (
  strategy: string,
  isRandom: boolean,
  rule: (site: InitSite) => NdArray,
): InitStrategy => Object.assign((site: InitSite) => rule(site), { strategy, isRandom });
