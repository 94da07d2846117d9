/** Posteriors of the same names with their discrete variables as sites, which inference sums out. */
import { factor, markov, plate, range, sample } from '@pyro-ts/core';
import * as dist from '@pyro-ts/distributions';
import { tf } from '@pyro-ts/ops';
import { drivePriors, examplePriors } from './hidden-markov';
import { mixturePriors } from './hierarchies';
import { vector, type PosteriorDeclaration } from './posterior';

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
      const { theta1, theta2, mu } = examplePriors();
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
    const alpha = data['alpha'] as number[][];
    return () => {
      const { theta1, theta2, phi, lambda } = drivePriors(alpha);
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
      const { mu, sigma, weights } = mixturePriors();
      plate('data', y.length, () => {
        const z = sample('assignment', dist.Categorical(weights), parallel);
        sample('y', dist.Normal(tf.gather(mu, z), tf.gather(sigma, z)), { obs: y });
      });
    };
  },
};

export const discreteLatents: readonly PosteriorDeclaration[] = [hmmExample, hmmDrive, gaussMix];
