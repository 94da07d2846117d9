import * as pyro from 'pyro-ts';
import { dist, tf } from 'pyro-ts';

/**
 * Waiting times from K kinds of eruption. Each component has a location and a scale (a plate of components); which
 * component a time belongs to is summed out by MixtureSameFamily. Ordered locations keep the labels from switching.
 */
export function model(waiting: number[], k = 2) {
  const weights = pyro.sample('weights', dist.Dirichlet(tf.fill([k], 2)));
  const first = pyro.sample('first', dist.Normal(60, 20));
  const gaps = pyro.sample('gaps', dist.HalfNormal(30).expand([k - 1]).toEvent(1)); // prettier-ignore
  const locs = pyro.deterministic('locs', tf.concat([first.expandDims(0), first.add(tf.cumsum(gaps))]));
  const scales = pyro.plate('components', k, () => pyro.sample('scales', dist.LogNormal(2, 1)));
  return pyro.plate('eruptions', waiting.length, () =>
    pyro.sample(
      'waiting',
      dist.MixtureSameFamily(dist.Categorical({ probs: weights }), dist.Normal(locs, scales)),
      {
        obs: waiting,
      },
    ),
  );
}
