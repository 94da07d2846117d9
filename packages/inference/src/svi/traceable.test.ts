import { compile } from '@pyro-ts/compiler';
import { factor, plate, sample, param, withoutValidation, type Model } from '@pyro-ts/core';
import { Bernoulli, Beta, Dirichlet, Gamma, HalfNormal, Normal, Uniform } from '@pyro-ts/distributions';
import { lift, tf } from '@pyro-ts/ops';
import { expectClose } from '@pyro-ts/testing';
import { AutoDelta, AutoMultivariateNormal, AutoNormal } from '../guides';
import { Adam } from '../optim';
import { buildLoss, SVI, TraceELBO, TraceMeanFieldELBO, type Elbo } from '.';
import { eager } from './gradient';
import { pack, segmentsOf } from './params';
import { stepKey } from './state';

const y = [1.1, 0.2, 2.3, 1.7];

const regression = (x: tf.Tensor): void => {
  const slope = sample('slope', Normal(0, 2));
  const sigma = sample('sigma', HalfNormal(1));
  plate('data', { size: 8, subsampleSize: 4 }, () =>
    sample('y', Normal(tf.mul(slope, x), sigma), { obs: y }),
  );
};
const mixed = (): void => {
  const top = sample('top', Uniform(1, 4));
  sample('inside', Uniform(0, top));
  sample('p', Beta(2, 2));
  sample('w', Dirichlet([1, 2, 3]));
  const rate = sample('rate', Gamma(2, 1));
  factor('f', tf.neg(rate));
};
const discrete = (): void => {
  const z = sample('z', Bernoulli(0.3));
  sample('y', Normal(tf.cast(z, 'float32'), 1), { obs: 0.2 });
};
const scored = (): void => void sample('z', Bernoulli({ logits: param('t', 0.4) }));

describe('the loss of a step is one program: traced, it gives what it gives eagerly (1e-12)', () => {
  const cases: [string, Model<[tf.Tensor]>, Model<[tf.Tensor]>, Elbo][] = [
    ['AutoNormal, minibatch', regression, AutoNormal(regression), TraceELBO({ numParticles: 2 })],
    [
      'AutoMultivariateNormal, vectorised',
      regression,
      AutoMultivariateNormal(regression),
      TraceELBO({ numParticles: 3, vectorizeParticles: true }),
    ],
    ['AutoDelta', regression, AutoDelta(regression), TraceELBO()],
    ['supports that depend on sites', mixed, AutoNormal(mixed), TraceELBO()],
    ['closed forms', regression, AutoNormal(regression), TraceMeanFieldELBO()],
    ['score function', discrete, scored, TraceELBO({ numParticles: 2 })],
  ];

  it.each(cases)('%s', (_, model, guide, loss) => {
    const x = lift([1, 2, 3, 4]);
    const svi = SVI({ model, guide, optim: Adam(), loss });
    const state = svi.init(5, x);
    const step = buildLoss({ model, guide, loss, segments: segmentsOf(state.params), args: [x] });
    const flat = pack(state.params);
    const program = withoutValidation(() =>
      compile(
        (q, key, ...inputs) => {
          const { value, grad } = tf.valueAndGrad((p: tf.Tensor) => step.loss(p, key, inputs) as tf.Scalar)(
            q,
          );
          return [value, grad];
        },
        {
          inputs: [{ shape: [flat.length] }, { shape: [2], dtype: 'int32' }, { shape: [4] }],
          executor: 'reference',
        },
      ),
    );
    for (const at of [state, { ...state, step: 9 }]) {
      const key = stepKey(at);
      const expected = eager.lossAndGradient(step, flat, key);
      const [value, gradient] = program.run([flat, key.data, Float64Array.of(1, 2, 3, 4)]);
      expectClose(value, [expected.loss]);
      expectClose(gradient, expected.gradient, { rel: 1e-11, abs: 1e-13 });
    }
    program.dispose();
    x.dispose();
  });
});
