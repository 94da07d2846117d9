import * as pyro from 'pyro-ts';
import { dist, tf } from 'pyro-ts';

/** Log light intensity on log temperature, with Student-t noise whose tails are learnt: giants count less. */
export function model(logTemperature: number[], logLight?: number[]) {
  const x = tf.tensor1d(logTemperature).sub(4.3);
  const intercept = pyro.sample('intercept', dist.Normal(5, 5));
  const slope = pyro.sample('slope', dist.Normal(0, 10));
  const nu = pyro.sample('nu', dist.Gamma(2, 0.1));
  const sigma = pyro.sample('sigma', dist.HalfNormal(5));
  return pyro.plate('stars', logTemperature.length, () =>
    pyro.sample('light', dist.StudentT(nu, intercept.add(slope.mul(x)), sigma), { obs: logLight }),
  );
}
