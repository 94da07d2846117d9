import { flatten, TracedValueError } from '@pyro-ts/compiler';
import { factor, plate, sample, param, type Model } from '@pyro-ts/core';
import { Bernoulli, Beta, Dirichlet, Gamma, HalfNormal, Normal, Uniform } from '@pyro-ts/distributions';
import { lift, tf } from '@pyro-ts/ops';
import { expectClose } from '@pyro-ts/testing';
import { AutoDelta, AutoMultivariateNormal, AutoNormal } from '../guides';
import { Adam } from '../optim';
import { buildLoss, SVI, TraceELBO, TraceMeanFieldELBO, type Elbo } from '.';
import { compiled, eager } from './gradient';
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

describe('the loss of a step is one program: traced, it gives what it gives eagerly (1e-12) on every executor', () => {
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
    const args = flatten<[tf.Tensor]>([x]);
    const step = buildLoss({ model, guide, loss, segments: segmentsOf(state.params), args });
    const flat = pack(state.params);
    const byKernel = eager(step);
    for (const executor of ['reference', 'wasm'] as const) {
      const program = compiled({ executor })(step);
      for (const at of [state, { ...state, step: 9 }]) {
        const expected = byKernel.lossAndGradient(flat, stepKey(at.key, at.step), args.tensors);
        const actual = program.lossAndGradient(flat, stepKey(at.key, at.step), args.tensors);
        expectClose(actual.loss, expected.loss);
        expectClose(actual.gradient, expected.gradient, { rel: 1e-11, abs: 1e-13 });
        expectClose(program.loss(flat, stepKey(at.key, at.step), args.tensors), expected.loss);
      }
    }
    x.dispose();
  });
});

describe('compiled and eager steps', () => {
  it('take one program for data of one shape, another for other constants, and notice changed arrays', () => {
    let runs = 0;
    const model = (y: number[], x: tf.Tensor): void => {
      runs++;
      const slope = sample('slope', Normal(0, 2));
      plate('data', 2, () => sample('y', Normal(tf.mul(slope, x), 1), { obs: y }));
    };
    const guide = (): void => void sample('slope', Normal(param('loc', 0), 1));
    const svi = SVI({ model, guide, optim: Adam(), loss: TraceELBO() });
    const [a, b] = [lift([1, 2]), lift([3, 4])];
    const data = [1, 2];
    const state = svi.init(0, data, a);
    const first = svi.update(state, data, a).loss;
    const compiledAfter = runs;
    expect(svi.update(state, data, b).loss).not.toBe(first);
    expect(svi.update(state, [1, 2], a).loss).toBe(first);
    expect(runs).toBe(compiledAfter);
    data[0] = 5;
    expect(svi.update(state, data, a).loss).not.toBe(first);
    expect(runs).toBeGreaterThan(compiledAfter);
    tf.dispose([a, b]);
  });

  it('fall back to eager where a model reads a tensor, and say why', async () => {
    const model = (): void => {
      const z = sample('z', Normal(0, 1));
      sample('y', Normal(z.dataSync()[0] > 100 ? 0 : z, 1), { obs: 0.3 });
    };
    const guide = (): void => void sample('z', Normal(param('loc', 0), 1));
    const svi = SVI({ model, guide, optim: Adam(), loss: TraceELBO() });
    const { losses } = await svi.run({ steps: 3, seed: 0 });
    expect(losses.every(Number.isFinite)).toBe(true);
    expect(svi.notes).toHaveLength(1);
    expect(svi.notes[0]).toMatch(/z/);
  });

  const peeking = (shift: number): void => {
    const z = sample('z', Normal(0, 1));
    sample('y', Normal(z.dataSync()[0] > 100 ? 0 : z, 1), { obs: shift });
  };
  const loc = (): void => void sample('z', Normal(param('loc', 0), 1));

  it('say so once, also where new arguments are tried again', () => {
    const svi = SVI({ model: peeking, guide: loc, optim: Adam(), loss: TraceELBO(), fallback: 'eager' });
    const state = svi.init(0, 0.3);
    for (const shift of [0.3, 0.4, 0.5]) svi.update(state, shift);
    expect(svi.notes).toHaveLength(1);
  });

  it("do not fall back with fallback: 'error': the first step throws, naming the site", async () => {
    const svi = SVI({ model: peeking, guide: loc, optim: Adam(), loss: TraceELBO(), fallback: 'error' });
    const error: unknown = await svi.run({ steps: 3, seed: 0 }, 0.3).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(TracedValueError);
    expect(String(error)).toMatch(/'z'.*Fix:/s);
    expect(svi.notes).toEqual([]);
  });
});
