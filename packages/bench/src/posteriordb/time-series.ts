/** Autoregressions and a volatility model. */
import { plate, sample } from '@pyro-ts/core';
import * as dist from '@pyro-ts/distributions';
import { lift, scan, tf } from '@pyro-ts/ops';
import { design, scalar, vector, type PosteriorDeclaration } from './posterior';
import { flat, flatPositive, normalVector, times } from './priors';

export const arK: PosteriorDeclaration = {
  name: 'arK-arK',
  renormalised: ['sigma'],
  model: (data) => {
    const [order, series] = [scalar(data, 'K'), vector(data, 'y')];
    const n = series.length;
    const lags = Array.from({ length: order }, (_, k) => series.subarray(order - 1 - k, n - 1 - k));
    const [x, y] = [design(lags), series.subarray(order)];
    return () => {
      const alpha = sample('alpha', dist.Normal(0, 10));
      const beta = normalVector('beta', order, 10);
      const sigma = sample('sigma', dist.HalfCauchy(2.5));
      plate('time', y.length, () =>
        sample('y', dist.Normal(tf.add(alpha, times(x, beta)), sigma), { obs: y }),
      );
    };
  },
};

/** With e₀ = 0 and y₀ = μ the first error, y₁ − (μ + φ μ), follows the recursion of the others. */
export const arma11: PosteriorDeclaration = {
  name: 'arma-arma11',
  renormalised: ['sigma'],
  model: (data) => {
    const y = vector(data, 'y');
    return () => {
      const mu = sample('mu', dist.Normal(0, 10));
      const phi = sample('phi', dist.Normal(0, 2));
      const theta = sample('theta', dist.Normal(0, 2));
      const sigma = sample('sigma', dist.HalfCauchy(2.5));
      const before = tf.concat([tf.reshape(mu, [1]), lift(y.subarray(0, y.length - 1))]);
      const surprise = tf.sub(lift(y), tf.add(mu, tf.mul(phi, before)));
      const { ys: errors } = scan(
        (last: tf.Tensor, x: tf.Tensor): [tf.Tensor, tf.Tensor] => {
          const error = tf.sub(x, tf.mul(theta, last));
          return [error, error];
        },
        lift(0),
        surprise,
      );
      // e ~ Normal(0, σ): the errors are y minus its prediction.
      plate('time', y.length, () => sample('y', dist.Normal(tf.sub(lift(y), errors), sigma), { obs: y }));
    };
  },
};

export const garch11: PosteriorDeclaration = {
  name: 'garch-garch11',
  model: (data) => {
    const [y, sigma1] = [vector(data, 'y'), scalar(data, 'sigma1')];
    const { constraints } = dist;
    return () => {
      const mu = flat('mu', constraints.real);
      const alpha0 = flatPositive('alpha0');
      const alpha1 = flat('alpha1', constraints.unitInterval);
      const beta1 = flat('beta1', constraints.interval(0, tf.sub(1, alpha1)));
      const shocks = tf.square(tf.sub(lift(y.subarray(0, y.length - 1)), mu));
      const inputs = tf.add(alpha0, tf.mul(alpha1, shocks));
      const { ys: variances } = scan(
        (last: tf.Tensor, x: tf.Tensor): [tf.Tensor, tf.Tensor] => {
          const variance = tf.add(x, tf.mul(beta1, last));
          return [variance, variance];
        },
        lift(sigma1 ** 2),
        inputs,
      );
      const scale = tf.sqrt(tf.concat([lift([sigma1 ** 2]), variances]));
      plate('time', y.length, () => sample('y', dist.Normal(mu, scale), { obs: y }));
    };
  },
};
