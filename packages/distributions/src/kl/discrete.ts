/** Divergences between laws of counts and choices. */
import { lift, tf, xlogy } from '@pyro-ts/ops';
import { Bernoulli, Binomial, Categorical, Geometric, OneHotCategorical, Poisson } from '../discrete';
import { failure, logFailure, logSuccess, type Odds } from '../discrete/odds';
import { logProbs, type Weights } from '../discrete/weights';
import type { Distribution } from '../distribution';
import { deviance } from '../numerics/excess';
import { registerKl } from './registry';

interface Alternatives extends Distribution {
  readonly probs: tf.Tensor;
  readonly logits: tf.Tensor;
}

/** A distribution as the formulas of its family see it: its parameters, and which of the two was given. */
const viewed = (d: Alternatives): Odds & Weights => ({
  probs: d.probs,
  logits: d.logits,
  given: (name) => name in d.params,
});

/** Σ p log(p/q) over all outcomes as a sum of terms p log(p/q) − p + q, none of which is negative. */
function ofTrial(p: Alternatives, q: Alternatives): tf.Tensor {
  const [a, b] = [viewed(p), viewed(q)];
  return tf.add(
    deviance(a.probs, b.probs, tf.sub(logSuccess(a), logSuccess(b))),
    deviance(failure(a), failure(b), tf.sub(logFailure(a), logFailure(b))),
  );
}

function ofChoice(p: Alternatives, q: Alternatives): tf.Tensor {
  const [a, b] = [logProbs(viewed(p)), logProbs(viewed(q))];
  return tf.sum(deviance(tf.exp(a), tf.exp(b), tf.sub(a, b)), -1);
}

registerKl(Bernoulli, Bernoulli, ofTrial);
registerKl(Categorical, Categorical, ofChoice);
registerKl(OneHotCategorical, OneHotCategorical, ofChoice);

/** n times that of one trial; +∞ if p has more trials than q, and NaN (no closed form) if it has fewer. */
registerKl(Binomial, Binomial, (p, q) => {
  const same = tf.mul(p.totalCount, ofTrial(p, q));
  const more = tf.greater(p.totalCount, q.totalCount);
  return tf.where(tf.equal(p.totalCount, q.totalCount), same, tf.where(more, lift(Infinity), lift(NaN)));
});

/** The expected number of trials, 1/p, times the divergence of one of them. */
registerKl(Geometric, Geometric, (p, q) => tf.div(ofTrial(p, q), p.probs));

registerKl(Poisson, Poisson, (p, q) => deviance(p.rate, q.rate));

/** E_p log q = p log λ − λ, log 0! and log 1! being 0. */
registerKl(Bernoulli, Poisson, (p, q) => tf.sub(tf.sub(q.rate, xlogy(p.probs, q.rate)), p.entropy()));

/** Poisson counts have no upper bound. */
for (const bounded of [Bernoulli, Binomial]) {
  registerKl(Poisson, bounded, (p, q) => tf.where(tf.equal(p.rate, 0), tf.neg(q.logProb(0)), lift(Infinity)));
}
