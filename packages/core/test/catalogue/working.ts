/** Models that must work. */
import {
  Beta,
  Dirichlet,
  Gamma,
  HalfNormal,
  LKJCholesky,
  LogNormal,
  MultivariateNormal,
  Normal,
  Poisson,
  Uniform,
} from '@pyro-ts/distributions';
import { tf } from '@pyro-ts/ops';
import {
  deterministic,
  factor,
  handlers,
  LocScaleReparam,
  param,
  plate,
  sample,
  TransformReparam,
} from '../../src';

export interface Working {
  readonly title: string;
  readonly model: () => unknown;
  /** Whether it has latent sites, all continuous: a density on ℝⁿ. */
  readonly latent: boolean;
}

type Entry = readonly [string, () => unknown];

const withoutLatents: readonly Entry[] = [
  ['no site at all', () => 1],
  ['a full plate opened twice', () => [plate('data', 2, () => 1), plate('data', 2, () => 2)]],
  ['a parameter asked for twice', () => [param('w', 1), param('w', 1)]],
  ['batch dims without plates', () => sample('y', Normal([0, 0, 0], 1), { obs: [1, 2, 3] })],
  [
    'an observed table in nested plates',
    () =>
      plate('columns', 3, () =>
        plate('rows', 2, () =>
          sample('y', Normal(0, 1), {
            obs: [
              [1, 2, 3],
              [4, 5, 6],
            ],
          }),
        ),
      ),
  ],
  ['a size-one plate', () => plate('data', 1, () => sample('x', Normal(0, 1), { obs: [1] }))],
  ['a deterministic site in a plate', () => plate('data', 2, () => deterministic('d', [1, 2]))],
];

const withLatents: readonly Entry[] = [
  [
    'a local variable of the outer plate seen in the inner one',
    () =>
      plate('outer', 2, () => {
        const x = sample('x', Normal(0, 1));
        plate('inner', 3, () => sample('y', Normal(x, 1)));
      }),
  ],
  [
    'plates side by side share a dim',
    () => [plate('a', 2, () => sample('x', Normal(0, 1))), plate('b', 3, () => sample('y', Normal(0, 1)))],
  ],
  [
    'a vectorised plate in a loop',
    () => {
      for (const i of plate('steps', 2)) plate('data', 3, () => sample(`x_${i}`, Normal(0, 1)));
    },
  ],
  [
    'a loop in a vectorised plate',
    () =>
      plate('data', 3, () => {
        for (const i of plate('steps', 2)) sample(`x_${i}`, Normal(0, 1));
      }),
  ],
  [
    'control flow on plain data',
    () => (new Date(0).getTime() === 0 ? sample('a', Normal(0, 1)) : sample('b', Normal(0, 1))),
  ],
  [
    'recursion',
    () => {
      const walk = (n: number, x: tf.Tensor): tf.Tensor =>
        n === 0 ? x : walk(n - 1, sample(`x_${n}`, Normal(x, 1)));
      return walk(3, tf.zeros([]));
    },
  ],
  [
    'a closure under handlers of its own',
    () => handlers.scale(() => sample('x', Normal(0, 1)), { scale: 2 })(),
  ],
  [
    'supports of many kinds',
    () => {
      const scale = sample('scale', Gamma(2, 1));
      const share = sample('share', Beta(2, [1, 2, 3]).toEvent(1));
      const weights = sample('weights', Dirichlet([1, 2, 3]));
      sample('y', Normal(tf.sum(tf.mul(share, weights)), scale), { obs: 0.4 });
    },
  ],
  [
    'a support that depends on a latent site',
    () => {
      const top = sample('top', LogNormal(0, 1));
      sample('inside', Uniform(0, top));
    },
  ],
  [
    'a correlation matrix',
    () => {
      const factorOf = sample('factor', LKJCholesky(3, 2));
      sample('y', MultivariateNormal({ loc: [0, 0, 0], scaleTril: factorOf }), { obs: [0.1, -0.4, 0.9] });
    },
  ],
  [
    'counts under a mask and a scale',
    () => {
      const rate = sample('rate', Gamma(2, 1));
      const data = (): unknown => plate('data', 4, () => sample('n', Poisson(rate), { obs: [1, 0, 3, 9] }));
      handlers.scale(handlers.mask(data, { mask: [true, true, true, false] }), { scale: 3 })();
    },
  ],
  [
    'a non-centred hierarchy by reparameterisation',
    () => {
      const groups = (): unknown => {
        const tau = sample('tau', HalfNormal(2));
        return plate('groups', 3, () => sample('theta', Normal(1, tau)));
      };
      return handlers.reparam(groups, { config: { theta: LocScaleReparam({ centered: 0 }) } })();
    },
  ],
  [
    'a transformed site on its base',
    () =>
      handlers.reparam(() => sample('x', LogNormal([0, 1], 0.5).toEvent(1)), {
        config: { x: TransformReparam() },
      })(),
  ],
  [
    'observations that are missing in part',
    () => {
      const mu = sample('mu', Normal(0, 1));
      plate('data', 3, () => sample('y', Normal(mu, 1), { obs: [1, 0, 3], obsMask: [true, false, true] }));
    },
  ],
  [
    'a density given by factors',
    () => {
      const x = sample('x', Normal([0, 0], 10).toEvent(1));
      factor('ring', tf.neg(tf.square(tf.sub(tf.sum(tf.square(x)), 1))));
    },
  ],
];

const entries = (list: readonly Entry[], latent: boolean): Working[] =>
  list.map(([title, model]) => ({ title, model, latent }));

export const working: readonly Working[] = [...entries(withoutLatents, false), ...entries(withLatents, true)];
