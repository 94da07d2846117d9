import { plate, sample, subsample } from '@pyro-ts/core';
import { Normal } from '@pyro-ts/distributions';
import { lift, random, keyFromSeed, scoped, tf } from '@pyro-ts/ops';
import { expectClose } from '@pyro-ts/testing';
import { AutoMultivariateNormal, AutoNormal } from '../guides';
import { Adam, exponentialDecay } from '../optim';
import { SVI, TraceELBO } from '.';

const draw = (name: string, n: number): number[] =>
  scoped(() => [...random.normal(keyFromSeed(name), [n]).dataSync()]);

const cooling = (steps: number) =>
  Adam({ learningRate: exponentialDecay({ initial: 0.05, decayRate: 0.001, decaySteps: steps }) });
const loss = TraceELBO({ numParticles: 16, vectorizeParticles: true });

describe('SVI on minibatches of 10 %, data as noisy as the model says', () => {
  it('reaches the exact posterior of a normal mean: mean within 0.05 sd, sd within 2 %', async () => {
    const data = draw('data', 100).map((e) => 2 + e);
    const model = (): void => {
      const mu = sample('mu', Normal(0, 3));
      plate('data', { size: 100, subsampleSize: 10 }, () => {
        sample('y', Normal(mu, 1), { obs: subsample(lift(data)) });
      });
    };
    const svi = SVI({ model, guide: AutoNormal(model), optim: cooling(20000), loss });
    const { params } = await svi.run({ steps: 20000, seed: 3 });
    const precision = 100 + 1 / 9;
    const sd = 1 / Math.sqrt(precision);
    const mean = data.reduce((a, b) => a + b, 0) / precision;
    expectClose(params['mu_auto_loc'].data, [mean], { abs: 0.05 * sd });
    expectClose(params['mu_auto_scale'].data, [sd], { rel: 0.02 });
  }, 600000);

  it('reaches the exact posterior of a straight line: means within 0.05 sd, sds within 2 %', async () => {
    const x = draw('x', 100);
    const y = draw('y', 100).map((e, i) => 0.5 + 1.5 * x[i] + e);
    const model = (): void => {
      const a = sample('a', Normal(0, 3));
      const b = sample('b', Normal(0, 3));
      plate('data', { size: 100, subsampleSize: 10 }, () => {
        const inputs = subsample(lift(x));
        sample('y', Normal(tf.add(a, tf.mul(b, inputs)), 1), { obs: subsample(lift(y)) });
      });
    };
    const guide = AutoMultivariateNormal(model);
    const svi = SVI({ model, guide, optim: cooling(30000), loss });
    const { params } = await svi.run({ steps: 30000, seed: 5 });
    const sum = (f: (i: number) => number): number => x.reduce((s, _, i) => s + f(i), 0);
    const [p11, p12, p22] = [100 + 1 / 9, sum((i) => x[i]), sum((i) => x[i] ** 2) + 1 / 9];
    const [r1, r2] = [sum((i) => y[i]), sum((i) => x[i] * y[i])];
    const det = p11 * p22 - p12 * p12;
    const mean = [(p22 * r1 - p12 * r2) / det, (p11 * r2 - p12 * r1) / det];
    const sd = [Math.sqrt(p22 / det), Math.sqrt(p11 / det)];
    const { a, b } = guide.median(params);
    expectClose(a.data, [mean[0]], { abs: 0.05 * sd[0] });
    expectClose(b.data, [mean[1]], { abs: 0.05 * sd[1] });
    const upper = guide.quantiles(params, 0.8413447460685429);
    expectClose(upper['a'].data[0] - a.data[0], sd[0], { rel: 0.02 });
    expectClose(upper['b'].data[0] - b.data[0], sd[1], { rel: 0.02 });
  }, 600000);
});
