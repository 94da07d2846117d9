import * as pyro from 'pyro-ts';
import { dist } from 'pyro-ts';

/** Eight schools, non-centred: school effects are mu + tau · thetaTrans with standard normal thetaTrans. */
export function model(effects: number[], standardErrors: number[]) {
  const mu = pyro.sample('mu', dist.Normal(0, 5));
  const tau = pyro.sample('tau', dist.HalfCauchy(5));
  return pyro.plate('schools', effects.length, () => {
    const thetaTrans = pyro.sample('thetaTrans', dist.Normal(0, 1));
    const theta = pyro.deterministic('theta', mu.add(tau.mul(thetaTrans)));
    return pyro.sample('effect', dist.Normal(theta, standardErrors), { obs: effects });
  });
}
