/** Hidden Markov models, the states summed out by the forward algorithm. */
import { factor, sample } from '@pyro-ts/core';
import * as dist from '@pyro-ts/distributions';
import { lift, logsumexp, scan, tf } from '@pyro-ts/ops';
import { vector, type PosteriorDeclaration } from './posterior';
import { flat } from './priors';

/**
 * log Σ over paths; both states start with weight 1.
 * @param transitions [2, 2] log probabilities of going from row to column
 * @param emissions [n, 2] log densities by state
 */
function forward(transitions: tf.Tensor, emissions: tf.Tensor): tf.Tensor {
  const n = emissions.shape[0];
  const [first, rest] = tf.split(emissions, [1, n - 1], 0);
  const { carry } = scan(
    (alpha: tf.Tensor, emission: tf.Tensor): [tf.Tensor, tf.Tensor] => {
      const next = tf.add(logsumexp(tf.add(tf.expandDims(alpha, 1), transitions), 0), emission);
      return [next, lift(0)];
    },
    tf.reshape(first, [2]),
    rest,
  );
  return logsumexp(carry, 0);
}

/** x₁ < x₂, both positive, x_k ~ Normal(mean_k, 1), not renormalised. */
function orderedNormals(name: string, mean: readonly [number, number]): tf.Tensor {
  const x = flat(name, dist.constraints.positiveOrderedVector, [2]);
  factor(`${name}_prior`, tf.sum(dist.Normal([...mean], 1).logProb(x)));
  return x;
}

/** The parameters of hmm_example: rows of the transition matrix, and a location for each state. */
export const examplePriors = (): { theta1: tf.Tensor; theta2: tf.Tensor; mu: tf.Tensor } => ({
  theta1: sample('theta1', dist.Dirichlet([1, 1])),
  theta2: sample('theta2', dist.Dirichlet([1, 1])),
  mu: orderedNormals('mu', [3, 10]),
});

/** Those of hmm_drive: two rates for each state. */
export const drivePriors = (
  alpha: number[][],
): { theta1: tf.Tensor; theta2: tf.Tensor; phi: tf.Tensor; lambda: tf.Tensor } => ({
  theta1: sample('theta1', dist.Dirichlet(alpha[0])),
  theta2: sample('theta2', dist.Dirichlet(alpha[1])),
  phi: orderedNormals('phi', [0, 3]),
  lambda: orderedNormals('lambda', [0, 3]),
});

const rows = (theta1: tf.Tensor, theta2: tf.Tensor): tf.Tensor => tf.log(tf.stack([theta1, theta2]));
const column = (values: Float64Array): tf.Tensor => tf.expandDims(lift(values), 1);

export const hmmExample: PosteriorDeclaration = {
  name: 'hmm_example-hmm_example',
  model: (data) => {
    const y = vector(data, 'y');
    return () => {
      const { theta1, theta2, mu } = examplePriors();
      factor('likelihood', forward(rows(theta1, theta2), dist.Normal(mu, 1).logProb(column(y))));
    };
  },
};

export const hmmDrive: PosteriorDeclaration = {
  name: 'bball_drive_event_0-hmm_drive_0',
  model: (data) => {
    const [u, v] = [vector(data, 'u'), vector(data, 'v')];
    const alpha = data['alpha'] as number[][];
    return () => {
      const { theta1, theta2, phi, lambda } = drivePriors(alpha);
      const emissions = tf.add(
        dist.Exponential(phi).logProb(column(u)),
        dist.Exponential(lambda).logProb(column(v)),
      );
      factor('likelihood', forward(rows(theta1, theta2), emissions));
    };
  },
};
