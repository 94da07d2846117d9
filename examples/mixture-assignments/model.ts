import * as pyro from 'pyro-ts';
import { dist, tf } from 'pyro-ts';

/**
 * The same mixture as in ../mixture, written as one thinks of it: every eruption has an assignment, a discrete site, by
 * which the components' locations and scales are looked up. Inference sums the assignments out.
 */
export function model(waiting: number[], k = 2) {
  const weights = pyro.sample('weights', dist.Dirichlet(tf.fill([k], 2)));
  const first = pyro.sample('first', dist.Normal(60, 20));
  const gaps = pyro.sample('gaps', dist.HalfNormal(30).expand([k - 1]).toEvent(1)); // prettier-ignore
  const locs = pyro.deterministic('locs', tf.concat([first.expandDims(0), first.add(tf.cumsum(gaps))]));
  const scales = pyro.plate('components', k, () => pyro.sample('scales', dist.LogNormal(2, 1)));
  return pyro.plate('eruptions', waiting.length, () => {
    const assignment = pyro.sample('assignment', dist.Categorical(weights), {
      infer: { enumerate: 'parallel' },
    });
    return pyro.sample('waiting', dist.Normal(locs.gather(assignment), scales.gather(assignment)), {
      obs: waiting,
    });
  });
}
