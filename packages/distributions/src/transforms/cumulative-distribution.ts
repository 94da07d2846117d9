/** Through a distribution's cdf. */
import { unitInterval } from '../constraints';
import type { Distribution } from '../distribution';
import { defineTransform, type Transform } from './transform';

/** y = F(x) of a continuous univariate distribution; log|J| = log density at x. */
export const CumulativeDistributionTransform = (distribution: Distribution): Transform =>
  defineTransform({
    name: 'CumulativeDistributionTransform',
    args: {
      distribution: { equals: (other) => other === distribution, toString: () => String(distribution) },
    },
    domain: distribution.support,
    codomain: unitInterval,
    sign: 1,
    forward: (x) => distribution.cdf(x),
    backward: (y) => distribution.icdf(y),
    logDet: (x) => distribution.logProb(x),
  });
