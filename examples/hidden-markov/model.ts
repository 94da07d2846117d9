import * as pyro from 'pyro-ts';
import { dist, tf } from 'pyro-ts';

/**
 * A hidden Markov model of consecutive waiting times. The state of eruption t depends on that of eruption t − 1 through
 * a row of `transition`; `markov` says that it depends on nothing earlier, so that the cost is linear in the length.
 */
export function model(waiting: number[], k = 2) {
  const first = pyro.sample('first', dist.Normal(60, 20));
  const gaps = pyro.sample('gaps', dist.HalfNormal(30).expand([k - 1]).toEvent(1)); // prettier-ignore
  const locs = pyro.deterministic('locs', tf.concat([first.expandDims(0), first.add(tf.cumsum(gaps))]));
  const { scales, transition } = pyro.plate('states', k, () => ({
    scales: pyro.sample('scales', dist.LogNormal(2, 1)),
    transition: pyro.sample('transition', dist.Dirichlet(tf.fill([k], 1))), // [k, k], a row for the state before
  }));
  let probs: tf.Tensor = tf.fill([k], 1 / k);
  for (const t of pyro.markov(pyro.range(waiting.length))) {
    const state = pyro.sample(`state_${t}`, dist.Categorical(probs), { infer: { enumerate: 'parallel' } });
    pyro.sample(`waiting_${t}`, dist.Normal(locs.gather(state), scales.gather(state)), { obs: waiting[t] });
    probs = pyro.indexing.vindex(transition, [state, ':']);
  }
}
