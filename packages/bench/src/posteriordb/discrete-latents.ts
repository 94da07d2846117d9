/** Posteriors of the same names with their discrete variables as sites, which inference sums out. */
import { factor, markov, plate, range, sample } from '@pyro-ts/core';
import * as dist from '@pyro-ts/distributions';
import { tf } from '@pyro-ts/ops';
import { orderedNormals } from './hidden-markov';
import { vector, type PosteriorDeclaration } from './posterior';
import { flat } from './priors';

const parallel = { infer: { enumerate: 'parallel' } } as const;

/**
 * A chain of n states, the first of either kind with weight 1 (not ½, as the reference has it).
 * @param transitions [2, 2], rows sum to one
 */
function chain(n: number, transitions: tf.Tensor, observe: (t: number, state: tf.Tensor) => void): void {
  factor('two_starts', Math.LN2);
  let state: tf.Tensor | undefined;
  for (const t of markov(range(n))) {
    const weights = state === undefined ? [0.5, 0.5] : tf.gather(transitions, state);
    state = sample(`state_${t}`, dist.Categorical(weights), parallel);
    observe(t, state);
  }
}

const hmmExample: PosteriorDeclaration = {
  name: 'hmm_example-hmm_example',
  variant: 'discrete states',
  model: (data) => {
    const y = vector(data, 'y');
    return () => {
      const theta1 = sample('theta1', dist.Dirichlet([1, 1]));
      const theta2 = sample('theta2', dist.Dirichlet([1, 1]));
      const mu = orderedNormals('mu', [3, 10]);
      chain(y.length, tf.stack([theta1, theta2]), (t, state) => {
        sample(`y_${t}`, dist.Normal(tf.gather(mu, state), 1), { obs: y[t] });
      });
    };
  },
};

const hmmDrive: PosteriorDeclaration = {
  name: 'bball_drive_event_0-hmm_drive_0',
  variant: 'discrete states',
  model: (data) => {
    const [u, v] = [vector(data, 'u'), vector(data, 'v')];
    const prior = data['alpha'] as number[][];
    return () => {
      const theta1 = sample('theta1', dist.Dirichlet(prior[0]));
      const theta2 = sample('theta2', dist.Dirichlet(prior[1]));
      const phi = orderedNormals('phi', [0, 3]);
      const lambda = orderedNormals('lambda', [0, 3]);
      chain(u.length, tf.stack([theta1, theta2]), (t, state) => {
        sample(`u_${t}`, dist.Exponential(tf.gather(phi, state)), { obs: u[t] });
        sample(`v_${t}`, dist.Exponential(tf.gather(lambda, state)), { obs: v[t] });
      });
    };
  },
};

const gaussMix: PosteriorDeclaration = {
  name: 'low_dim_gauss_mix-low_dim_gauss_mix',
  variant: 'discrete assignments',
  renormalised: ['sigma (both)'],
  model: (data) => {
    const y = vector(data, 'y');
    return () => {
      const mu = flat('mu', dist.constraints.orderedVector, [2]);
      factor('mu_prior', tf.sum(dist.Normal(0, 2).logProb(mu)));
      const sigma = sample('sigma', dist.HalfNormal(2).expand([2]).toEvent(1));
      const theta = sample('theta', dist.Beta(5, 5));
      const weights = tf.stack([theta, tf.sub(1, theta)]);
      plate('data', y.length, () => {
        const z = sample('assignment', dist.Categorical(weights), parallel);
        sample('y', dist.Normal(tf.gather(mu, z), tf.gather(sigma, z)), { obs: y });
      });
    };
  },
};

export const discreteLatents: readonly PosteriorDeclaration[] = [hmmExample, hmmDrive, gaussMix];
