/** Pairs where p always has mass where q has none: the divergence is +∞, whatever the parameters. */
import { lift } from '@pyro-ts/ops';
import { registerKl } from './registry';

const WHOLE_LINE = ['Normal', 'Laplace', 'Gumbel'];
const HALF_LINE = ['Exponential', 'Gamma'];
const UNIT_INTERVAL = ['Beta', 'ContinuousBernoulli'];
const AWAY_FROM_ZERO = ['Pareto'];
const BOUNDED = ['Uniform'];

const never: readonly (readonly [string[], string[]])[] = [
  [WHOLE_LINE, [...HALF_LINE, ...UNIT_INTERVAL, ...AWAY_FROM_ZERO, ...BOUNDED]],
  [HALF_LINE, [...UNIT_INTERVAL, ...AWAY_FROM_ZERO, ...BOUNDED]],
  [AWAY_FROM_ZERO, [...UNIT_INTERVAL, ...BOUNDED]],
  [UNIT_INTERVAL, AWAY_FROM_ZERO],
];

for (const [ps, qs] of never) {
  for (const p of ps) for (const q of qs) registerKl(p, q, () => lift(Infinity));
}
