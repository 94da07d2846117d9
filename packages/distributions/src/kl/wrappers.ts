/** Divergences of wrapped distributions, in terms of what they wrap. */
import { lift, tf } from '@pyro-ts/ops';
import type { Distribution } from '../distribution';
import { UnsupportedError } from '../errors';
import { Delta } from '../wrappers';
import { sumRight } from '../wrappers/axes';
import type { Expanded } from '../wrappers/expanded';
import type { IndependentDistribution } from '../wrappers/independent';
import type { Masked } from '../wrappers/masked';
import type { Transformed } from '../wrappers/transformed';
import { klDivergence, registerKl } from './registry';

/** Independent coordinates: divergences add up. The part that only one side has as event is taken off both. */
registerKl('Independent', 'Independent', (p: IndependentDistribution, q: IndependentDistribution) => {
  const n = Math.min(p.reinterpretedBatchNdims, q.reinterpretedBatchNdims);
  return sumRight(klDivergence(p.toEvent(-n), q.toEvent(-n)), n);
});

registerKl('MaskedDistribution', 'MaskedDistribution', (p: Masked, q: Masked) => {
  const both = tf.logicalAnd(lift(p.held, 'bool'), lift(q.held, 'bool'));
  return tf.where(both, klDivergence(p.baseDist, q.baseDist), lift(0));
});

registerKl('ExpandedDistribution', '*', (p: Expanded, q: Distribution) => klDivergence(p.baseDist, q));
registerKl('*', 'ExpandedDistribution', (p: Distribution, q: Expanded) => klDivergence(p, q.baseDist));

/** A bijection changes no divergence. */
registerKl('TransformedDistribution', 'TransformedDistribution', (p: Transformed, q: Transformed) => {
  const same =
    p.transforms.length === q.transforms.length && p.transforms.every((t, i) => t.equals(q.transforms[i]));
  if (same) return klDivergence(p.baseDist, q.baseDist);
  throw new UnsupportedError(
    `no closed form of KL(${p.toString()} ‖ ${q.toString()}): their transforms differ`,
    'only distributions transformed by the same bijections can be compared in closed form.',
  );
});

/** −log q at the point, where p has its own density factor. */
registerKl(Delta, '*', (p, q) => tf.sub(p.logDensity, q.logProb(p.v)));
