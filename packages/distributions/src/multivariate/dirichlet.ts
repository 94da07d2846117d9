import { lift, random, tf } from '@pyro-ts/ops';
import { independent, positive, simplex } from '../constraints';
import { defineFamily, param } from '../family';
import { logGammaDensity } from '../numerics/gamma-density';
import { digammaError, stirlingError } from '../numerics/stirling';

const total = (a: tf.Tensor): tf.Tensor => tf.sum(a, -1, true);
const sum = (x: tf.Tensor): tf.Tensor => tf.sum(x, -1);

/**
 * K gamma variables with parameters aᵢ at A xᵢ, A = Σ aᵢ, given that their sum is A: free of cancellation for large
 * concentrations. The last term is 0 on the simplex and keeps the gradient in x that of Σ (aᵢ − 1) log xᵢ.
 */
function logProb({ concentration: a }: { concentration: tf.Tensor }, x: tf.Tensor): tf.Tensor {
  const keptSum = total(a);
  const size = sum(a);
  const joint = tf.sub(sum(logGammaDensity(a, tf.mul(keptSum, x))), logGammaDensity(size, size));
  const scale = tf.mul(tf.log(size), a.shape[a.rank - 1] - 1);
  return tf.add(tf.add(joint, scale), tf.mul(size, tf.sub(sum(x), 1)));
}

/** log B(a) + (A − K) ψ(A) − Σ (aᵢ − 1) ψ(aᵢ), the leading terms of lgamma and digamma cancelled on paper. */
function entropy({ concentration: a }: { concentration: tf.Tensor }): tf.Tensor {
  const count = a.shape[a.rank - 1];
  const size = sum(a);
  /** (aᵢ − 1) (log aᵢ − ψ(aᵢ)) */
  const pull = (c: tf.Tensor, free: number): tf.Tensor =>
    tf.mul(tf.sub(c, free), tf.sub(tf.div(0.5, c), digammaError(c)));
  const own = tf.add(tf.add(tf.mul(tf.log(a), 0.5), stirlingError(a)), pull(a, 1));
  const joint = tf.add(tf.add(tf.mul(tf.log(size), count - 0.5), stirlingError(size)), pull(size, count));
  return tf.add(tf.sub(sum(own), joint), 0.5 * (count - 1) * Math.log(2 * Math.PI));
}

/** (a − 1)⁺ normalised, which is the mode where some concentration exceeds 1; else the corner of the largest one. */
function mode({ concentration: a }: { concentration: tf.Tensor }): tf.Tensor {
  const excess = tf.maximum(tf.sub(a, 1), 0);
  const isInner = tf.greater(total(excess), 0);
  const corner = tf.oneHot(tf.argMax(a, -1), a.shape[a.rank - 1]);
  return tf.where(isInner, tf.div(excess, tf.where(isInner, total(excess), lift(1))), corner);
}

/** Law of proportions that sum to one. */
export const Dirichlet = defineFamily({
  name: 'Dirichlet',
  description: 'Law of K proportions that sum to one.',
  source: 'Kotz, Balakrishnan & Johnson, Continuous Multivariate Distributions 1 (2000), ch. 49.',
  params: [param('concentration', independent(positive, 1), { guard: true })],
  support: simplex,
  eventShape: ({ concentration }) => concentration.slice(-1),
  rsample: ({ concentration }, { key, shape }) => random.dirichlet(key, concentration, shape),
  logProb,
  mean: ({ concentration }) => tf.div(concentration, total(concentration)),
  variance: ({ concentration: a }) => {
    const mean = tf.div(a, total(a));
    return tf.div(tf.mul(mean, tf.div(tf.sub(total(a), a), total(a))), tf.add(total(a), 1));
  },
  mode,
  entropy,
});
