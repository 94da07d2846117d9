import * as pyro from 'pyro-ts';
import { dist, tf } from 'pyro-ts';

/** Child's score on mother's IQ: a straight line with half-Cauchy noise, one observation per child. */
export function model(motherIq: number[], childScore?: number[]) {
  const x = tf.tensor1d(motherIq).sub(100).div(15);
  const intercept = pyro.sample('intercept', dist.Normal(80, 40));
  const slope = pyro.sample('slope', dist.Normal(0, 20));
  const sigma = pyro.sample('sigma', dist.HalfCauchy(2));
  return pyro.plate('children', motherIq.length, () =>
    pyro.sample('score', dist.Normal(intercept.add(slope.mul(x)), sigma), { obs: childScore }),
  );
}
